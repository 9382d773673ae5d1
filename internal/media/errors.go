package media

import "vitrine/internal/vitrine"

// What is said of pictures that do not decode. The cause goes to the log.
const (
	damagedText = "The image is damaged or incomplete: check that it opens on your side and upload it again"
	hardText    = "The image could not be decoded within the limits of this server: try a smaller or simpler version of it"
	busyText    = "The server is busy with other uploads, please try again in a few seconds"
)

// busyRetry is how many seconds a client should wait before trying again.
const busyRetry = 5

func damaged(cause error) *vitrine.Error {
	return &vitrine.Error{Code: vitrine.CodeDamaged, Message: damagedText, Err: cause}
}

// tooHard is for pictures that took all the time or memory there was, or that
// made a decoder crash.
func tooHard(cause error) *vitrine.Error {
	return &vitrine.Error{Code: vitrine.CodeDamaged, Message: hardText, Err: cause}
}

func busy(cause error) *vitrine.Error {
	return &vitrine.Error{Code: vitrine.CodeBusy, Message: busyText, Err: cause, RetryAfter: busyRetry}
}

func internal(cause error) *vitrine.Error {
	return &vitrine.Error{Code: vitrine.CodeInternal, Message: "Something went wrong while looking at the image", Err: cause}
}
