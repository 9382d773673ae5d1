package apiv1

import (
	"bufio"
	"context"
	"errors"
	"io"
)

// readForm reads an urlencoded body as a stream.
func (in *intake) readForm(ctx context.Context, src *bufio.Reader) error {
	form := &formReader{src: src}
	for range maxParameters {
		name, err := form.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if isSource(name) {
			err = in.text(ctx, name, form, true)
		} else {
			err = in.fields.read(in.fields.body, name, form)
		}
		if err != nil {
			return err
		}
	}
	return errTooMany
}

// formReader decodes application/x-www-form-urlencoded (WHATWG URL, section 5)
// without holding values in memory: next moves to a parameter, Read gives its
// value. A percent sign without two hexadecimal digits stands for itself.
type formReader struct {
	src   *bufio.Reader
	value bool // inside a value
	atEnd bool
}

// next skips what is left of the current value and returns the name of the next
// parameter, or io.EOF. Names longer than maxNameBytes come back cut.
func (f *formReader) next() (string, error) {
	for {
		if f.value {
			if _, err := io.Copy(io.Discard, f); err != nil {
				return "", err
			}
		}
		if f.atEnd {
			return "", io.EOF
		}
		var name []byte
		for !f.value {
			c, err := f.src.ReadByte()
			if err == io.EOF {
				f.atEnd = true
				break
			}
			if err != nil {
				return "", err
			}
			if c == '&' {
				break
			}
			if c == '=' {
				f.value = true
				break
			}
			if len(name) < maxNameBytes {
				name = append(name, f.decode(c))
			}
		}
		if len(name) > 0 {
			return string(name), nil
		}
		if f.atEnd && !f.value {
			return "", io.EOF
		}
	}
}

// Read implements io.Reader for the current value. Only its first byte may wait
// for the connection.
func (f *formReader) Read(p []byte) (int, error) {
	if !f.value {
		return 0, io.EOF
	}
	if len(p) == 0 {
		return 0, nil
	}
	if _, err := f.src.Peek(1); err != nil {
		if err == io.EOF {
			f.value, f.atEnd = false, true
		}
		return 0, err
	}
	chunk, _ := f.src.Peek(f.src.Buffered())
	n, used := 0, 0
	for n < len(p) && used < len(chunk) && f.value {
		c := chunk[used]
		if c == '&' {
			f.value = false
			used++
			break
		}
		if c == '%' && used+3 > len(chunk) {
			break // its digits may not be here yet
		}
		used++
		switch c {
		case '+':
			c = ' '
		case '%':
			if high, ok := unhex(chunk[used]); ok {
				if low, ok := unhex(chunk[used+1]); ok {
					c = high<<4 | low
					used += 2
				}
			}
		}
		p[n] = c
		n++
	}
	_, _ = f.src.Discard(used)
	if n == 0 && f.value {
		// A percent sign at the end of what has come.
		c, err := f.src.ReadByte()
		if err != nil {
			return 0, err
		}
		p[0] = f.decode(c)
		return 1, nil
	}
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

// decode returns the byte that c begins.
func (f *formReader) decode(c byte) byte {
	switch c {
	case '+':
		return ' '
	case '%':
		if next, _ := f.src.Peek(2); len(next) == 2 {
			high, ok1 := unhex(next[0])
			low, ok2 := unhex(next[1])
			if ok1 && ok2 {
				_, _ = f.src.Discard(2)
				return high<<4 | low
			}
		}
	}
	return c
}

func unhex(c byte) (byte, bool) {
	switch {
	case c >= '0' && c <= '9':
		return c - '0', true
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10, true
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10, true
	}
	return 0, false
}
