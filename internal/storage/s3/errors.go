package s3

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/minio/minio-go/v7"

	"vitrine/internal/storage"
)

// hungUp begins what the client makes of an end where an answer should be.
const hungUp = "Connection closed by foreign host"

// refusal turns an error of the client into one of storage's, or into a text
// without keys, addresses and signatures. Errors of the caller's own reader and
// context stay in the chain.
func refusal(doing string, err error) error {
	if err == nil {
		return nil
	}
	if answer, ok := errors.AsType[minio.ErrorResponse](err); ok {
		err = refusalOf(doing, answer)
		if away(answer) && !errors.Is(err, storage.ErrNoSpace) {
			return noAnswer(err)
		}
		return err
	}
	if u, ok := errors.AsType[*url.Error](err); ok {
		if err = u.Err; strings.HasPrefix(err.Error(), hungUp) { // and then the address
			err = io.ErrUnexpectedEOF
		}
	}
	if err = fmt.Errorf("%s: %w", doing, err); away(err) {
		return noAnswer(err)
	}
	return err
}

func refusalOf(doing string, a minio.ErrorResponse) error {
	text := fmt.Sprintf("%s: the S3 server answered %s (%d)", doing, a.Code, a.StatusCode)
	switch {
	case a.Code == minio.NoSuchKey, a.StatusCode == http.StatusNotFound && a.Code != minio.NoSuchBucket:
		return fmt.Errorf("%s: %w", text, storage.ErrNotFound)
	case taken(a):
		return fmt.Errorf("%s: %w", text, storage.ErrExists)
	case a.StatusCode == http.StatusInsufficientStorage, a.Code == "XMinioStorageFull", a.Code == "QuotaExceeded":
		return fmt.Errorf("%s: %w", text, storage.ErrNoSpace)
	}
	return errors.New(text)
}

// taken reports whether the answer says that If-None-Match: * did not hold.
func taken(a minio.ErrorResponse) bool {
	return a.StatusCode == http.StatusPreconditionFailed || a.Code == minio.PreconditionFailed
}

// unknownHeader reports whether the answer says that the server does not know
// conditional writes.
func unknownHeader(a minio.ErrorResponse) bool {
	return a.StatusCode == http.StatusNotImplemented || a.Code == "NotImplemented"
}
