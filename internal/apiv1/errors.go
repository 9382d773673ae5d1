package apiv1

import (
	"net/http"

	"vitrine/internal/vitrine"
)

// meaning is how the protocol shows a refusal.
type meaning struct {
	status int // HTTP
	number int // error.code
}

// meanings are the statuses and numbers of refusals. The numbers are those of
// the specification's catalogue; where it has none, the nearest one.
var meanings = map[vitrine.Code]meaning{
	vitrine.CodeInternal:          {http.StatusInternalServerError, 500},
	vitrine.CodeInvalid:           {http.StatusBadRequest, 100},
	vitrine.CodeUnauthorized:      {http.StatusBadRequest, 100},
	vitrine.CodePassword:          {http.StatusBadRequest, 401},
	vitrine.CodeForbidden:         {http.StatusBadRequest, 401},
	vitrine.CodeNotFound:          {http.StatusBadRequest, 404},
	vitrine.CodeConflict:          {http.StatusBadRequest, 409},
	vitrine.CodeSourceMissing:     {http.StatusBadRequest, 130},
	vitrine.CodeSourceEmpty:       {http.StatusBadRequest, 130},
	vitrine.CodeSourceBroken:      {http.StatusBadRequest, 601},
	vitrine.CodeBase64:            {http.StatusBadRequest, 120},
	vitrine.CodeURLDisabled:       {http.StatusBadRequest, 403},
	vitrine.CodeURLInvalid:        {http.StatusBadRequest, 622},
	vitrine.CodeURLRefused:        {http.StatusBadRequest, 400},
	vitrine.CodeUnrecognised:      {http.StatusBadRequest, 610},
	vitrine.CodeUnavailableFormat: {http.StatusBadRequest, 613},
	vitrine.CodeDisabledFormat:    {http.StatusBadRequest, 614},
	vitrine.CodeTooBig:            {http.StatusBadRequest, 400},
	vitrine.CodeTooManyPixels:     {http.StatusBadRequest, 400},
	vitrine.CodeDamaged:           {http.StatusBadRequest, 610},
	vitrine.CodeInvalidVideo:      {http.StatusBadRequest, 100},
	vitrine.CodeDuplicate:         {http.StatusBadRequest, 101},
	vitrine.CodeFlood:             {http.StatusTooManyRequests, 130},
	vitrine.CodeStopWord:          {http.StatusBadRequest, 400},
	vitrine.CodeWidthTooLarge:     {http.StatusBadRequest, 610},
	vitrine.CodeBusy:              {http.StatusServiceUnavailable, 503},
	vitrine.CodeMaintenance:       {http.StatusServiceUnavailable, 503},
	vitrine.CodeNoSpace:           {http.StatusBadRequest, 104},
}

// fieldMeanings tell apart the invalid values that have numbers of their own.
var fieldMeanings = map[string]meaning{
	"version": {http.StatusBadRequest, 110},
	"action":  {http.StatusBadRequest, 120},
	"width":   {http.StatusBadRequest, 1},
	"method":  {http.StatusMethodNotAllowed, 405},
}

// retryAfter is how many seconds a client is asked to wait where the refusal
// itself does not say.
var retryAfter = map[vitrine.Code]int{
	vitrine.CodeFlood:       60,
	vitrine.CodeBusy:        5,
	vitrine.CodeMaintenance: 300,
}

// The door's own refusals, worded as recorded.
var (
	errNoVersion  = vitrine.Invalid("", "No version provided")
	errNoAction   = vitrine.Invalid("", "No action provided")
	errNoKey      = &vitrine.Error{Code: vitrine.CodeUnauthorized, Message: "No key provided"}
	errVersion    = vitrine.Invalid("version", "Invalid API version.")
	errAction     = vitrine.Invalid("action", "Invalid API action")
	errMethod     = vitrine.Invalid("method", "Method not allowed: use POST, or GET")
	errNoSource   = &vitrine.Error{Code: vitrine.CodeSourceMissing, Field: "source", Message: "Empty upload source"}
	errEmpty      = &vitrine.Error{Code: vitrine.CodeSourceEmpty, Field: "source", Message: "Empty source"}
	errSources    = &vitrine.Error{Code: vitrine.CodeSourceMissing, Field: "source", Message: "Invalid upload source: send one file per request"}
	errJSONBody   = &vitrine.Error{Code: vitrine.CodeSourceMissing, Message: "Empty upload source: JSON bodies are not read, send the parameters as multipart/form-data"}
	errBoundary   = &vitrine.Error{Code: vitrine.CodeSourceMissing, Message: "Empty upload source: the multipart body has no boundary"}
	errPartial    = &vitrine.Error{Code: vitrine.CodeSourceBroken, Field: "source", Message: "File was partially uploaded, please send it again"}
	errMalformed  = &vitrine.Error{Code: vitrine.CodeSourceBroken, Message: "Invalid request body: it is not what its Content-Type says"}
	errGeometry   = vitrine.Invalid("width", "Invalid image geometry: width must be from 1 to the width of the image")
	errPartHeader = &vitrine.Error{Code: vitrine.CodeSourceBroken, Message: "Invalid request body: a part has a header with control characters, give the file another name"}
	errTooMany    = vitrine.Invalid("", "Too many parameters: send 100 at most")
	errBigRequest = &vitrine.Error{Code: vitrine.CodeTooBig, Message: "Request too big: send the file and its parameters, and nothing else"}
)
