package db

import "strings"

// longestStatement bounds the text of a statement in the log. Bytes.
const longestStatement = 2000

// withoutValues is the text of a statement on one line, with a question mark for each
// value that stands in it: some statements are built with theirs, and what people
// wrote is nobody's business in a log.
func withoutValues(text string) string {
	var b strings.Builder
	blank := true // the last byte was one, or there is none
	for i := 0; i < len(text) && b.Len() < longestStatement; {
		c := text[i]
		switch {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			if !blank {
				b.WriteByte(' ')
			}
			blank = true
			i++
			continue
		case c == '\'':
			i = afterString(text, i, b.Len() > 0 && isEscapePrefix(text, i))
			b.WriteByte('?')
		case c == '"':
			end := len(text)
			if n := strings.IndexByte(text[i+1:], '"'); n >= 0 {
				end = i + n + 2
			}
			b.WriteString(text[i:end])
			i = end
		case c >= '0' && c <= '9' && (i == 0 || !isWord(text[i-1])):
			for i < len(text) && (isWord(text[i]) || text[i] == '.') {
				i++
			}
			b.WriteByte('?')
		default:
			b.WriteByte(c)
			i++
		}
		blank = false
	}
	return strings.TrimSuffix(b.String(), " ")
}

// isEscapePrefix reports whether the quote at i begins a string of PostgreSQL in which
// a backslash escapes: E'…'.
func isEscapePrefix(text string, i int) bool {
	return i > 0 && text[i-1]|0x20 == 'e' && (i == 1 || !isWord(text[i-2]))
}

// afterString is where the string that begins at i has ended. One without an end goes
// to the end of the text.
func afterString(text string, i int, escapes bool) int {
	for i++; i < len(text); i++ {
		switch {
		case text[i] == '\\' && escapes:
			i++
		case text[i] == '\'' && i+1 < len(text) && text[i+1] == '\'':
			i++
		case text[i] == '\'':
			return i + 1
		}
	}
	return len(text)
}

// isWord reports whether a byte may be inside a name or a placeholder such as $1.
func isWord(c byte) bool {
	return c == '_' || c == '$' || c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' || c >= 0x80
}
