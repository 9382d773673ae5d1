package apiv1

import (
	"bytes"
	"encoding/base64"
	"io"

	"vitrine/internal/vitrine"
)

// errBase64 is the recorded refusal of text that is not canonical base64.
var errBase64 = &vitrine.Error{Code: vitrine.CodeBase64, Field: "source", Message: "Invalid base64 string"}

// base64Reader decodes canonical base64 (RFC 4648, section 4) as it comes: what
// would not come out the same if it were encoded again is refused, so that the
// URL-safe alphabet, missing padding and stray bits are. White space is dropped.
//
// With repair, blanks inside the text become '+' again: form decoding turned
// them into blanks where a client did not escape them. Blanks before the text
// are dropped, and those behind it if it is complete without them.
type base64Reader struct {
	src    io.Reader
	repair bool

	text   []byte // clean characters that wait to be decoded
	raw    []byte // what src gave last
	blanks int    // blanks seen that may be plus signs
	begun  bool   // a character of the text was seen
	padded bool   // '=' was seen
	total  int    // characters of the text seen
	out    []byte // decoded, to be given
	buf    []byte // backing of out
	err    error  // what follows out
}

// base64Block is how many characters are decoded at once, a multiple of 4.
const base64Block = 32 << 10

// maxBlanks bounds a run of blanks that may be plus signs.
const maxBlanks = 64 << 10

func newBase64Reader(src io.Reader, repair bool) *base64Reader {
	return &base64Reader{
		src: src, repair: repair,
		text: make([]byte, 0, base64Block),
		raw:  make([]byte, base64Block/2),
		buf:  make([]byte, base64Block/4*3),
	}
}

// Read implements io.Reader. It returns errBase64 for text that is not base64.
func (r *base64Reader) Read(p []byte) (int, error) {
	for len(r.out) == 0 {
		if r.err != nil {
			return 0, r.err
		}
		r.fill()
	}
	n := copy(p, r.out)
	r.out = r.out[n:]
	return n, nil
}

// fill reads one piece of the source and decodes every whole group of four.
func (r *base64Reader) fill() {
	// Room for what may be added: blanks that turn into plus signs are flushed
	// with the characters behind them.
	n, err := r.src.Read(r.raw)
	if e := r.clean(r.raw[:n]); e != nil {
		r.err = e
		return
	}
	if err == nil {
		r.decode(len(r.text) / 4 * 4)
		return
	}
	if err != io.EOF {
		r.err = err
		return
	}
	if r.blanks > 0 && !r.padded && r.total%4 != 0 {
		r.flushBlanks()
	}
	if len(r.text)%4 != 0 {
		r.err = errBase64
		return
	}
	r.decode(len(r.text))
	if r.err == nil {
		r.err = io.EOF
	}
}

// clean appends the characters that count to r.text.
func (r *base64Reader) clean(raw []byte) error {
	for len(raw) > 0 {
		// The common case: a long run of plain characters.
		i := bytes.IndexAny(raw, " \n\r\t\v\f=")
		if i < 0 {
			i = len(raw)
		}
		if i > 0 {
			if r.padded {
				return errBase64
			}
			r.flushBlanks()
			r.append(raw[:i])
			raw = raw[i:]
			continue
		}
		switch raw[0] {
		case ' ':
			if r.repair && r.begun && !r.padded {
				if r.blanks++; r.blanks > maxBlanks {
					return errBase64
				}
			}
		case '=':
			r.flushBlanks()
			r.padded = true
			r.append(raw[:1])
		}
		raw = raw[1:]
	}
	return nil
}

func (r *base64Reader) append(s []byte) {
	r.begun = true
	r.total += len(s)
	r.text = append(r.text, s...)
}

func (r *base64Reader) flushBlanks() {
	for ; r.blanks > 0; r.blanks-- {
		r.append([]byte{'+'})
	}
}

// decode turns the first n characters of r.text into r.out.
func (r *base64Reader) decode(n int) {
	if need := base64.StdEncoding.DecodedLen(n); need > len(r.buf) {
		r.buf = make([]byte, need)
	}
	m, err := base64.StdEncoding.Strict().Decode(r.buf, r.text[:n])
	if err != nil {
		r.err = errBase64
		return
	}
	r.out = r.buf[:m]
	r.text = append(r.text[:0], r.text[n:]...)
}
