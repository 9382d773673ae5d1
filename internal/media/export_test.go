package media

import (
	"io"

	"vitrine/internal/vips"
	"vitrine/internal/vitrine"
)

// Confine locks the calling process into a folder for good.
var Confine = confine

// Answer is what a lying decoder may send.
type (
	Answer  = response
	Product = product
)

// ReadRequest and WriteAnswer are a decoder's end of the pipe.
func ReadRequest(r io.Reader) (op string, err error) {
	var q request
	err = readMessage(r, &q)
	return q.Op, err
}

// WriteAnswer sends an answer.
func WriteAnswer(w io.Writer, a *Answer) error { return writeMessage(w, a) }

// ReadAnswer reads what a decoder sent.
func ReadAnswer(r io.Reader) (*Answer, error) {
	var a Answer
	err := readMessage(r, &a)
	return &a, err
}

// Header reads the head of a picture in this process.
func Header(data []byte, format vitrine.Format) (vips.Header, error) { return header(data, format) }

// DecodeBMP decodes a bitmap in this process.
func DecodeBMP(data []byte) (vips.Picture, error) { return decodeBMP(data) }

// BaseWeight is the least that a job is estimated to take.
const BaseWeight = baseWeight
