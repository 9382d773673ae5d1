package upkeep

import (
	"context"
	"errors"
	"fmt"

	"vitrine/internal/storage"
	"vitrine/internal/vitrine"
)

// errChanged says that a file was changed while it was worked on, again and again.
var errChanged = errors.New("it was changed meanwhile")

// damaged says in plain words what is wrong with an object. Trying again does not help.
type damaged struct {
	o    vitrine.Object
	text string
}

func (d *damaged) Error() string { return nameOf(d.o) + ": " + d.text }

func damage(o vitrine.Object, text string) error { return &damaged{o, text} }

func isDamage(err error) bool {
	_, ok := errors.AsType[*damaged](err)
	return ok
}

// sourceError tells what is missing from what cannot be read.
func sourceError(o vitrine.Object, err error) error {
	if errors.Is(err, storage.ErrNotFound) {
		return damage(o, "it is missing")
	}
	return fmt.Errorf("reading %s: %w", o.Key, err)
}

// nameOf is what people call an object.
func nameOf(o vitrine.Object) string {
	switch o.Variant {
	case vitrine.Thumb:
		return "the thumb"
	case vitrine.Medium:
		return "the medium"
	case vitrine.Frame:
		return "the frame"
	}
	return "the original"
}

// passing reports whether trying again may help.
func passing(err error) bool {
	return !isDamage(err) && !errors.Is(err, storage.ErrNoSpace) && !errors.Is(err, storage.ErrFull) &&
		!errors.Is(err, context.Canceled) && !vitrine.Is(err, vitrine.CodeBusy)
}

// plain is an error in one line for people who run the site.
func plain(err error) string {
	if e, ok := errors.AsType[*damaged](err); ok {
		return e.Error()
	}
	if e, ok := errors.AsType[*vitrine.Error](err); ok && e.Code == vitrine.CodeBusy {
		return e.Message
	}
	return err.Error()
}
