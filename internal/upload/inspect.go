package upload

import (
	"context"
	"time"

	"vitrine/internal/vitrine"
)

// inspect looks inside the received bytes: what they are decides, whatever the
// client called them. It refuses formats that are switched off, too many pixels,
// and a width that would enlarge.
func (s *Service) inspect(ctx context.Context, req Request, set *vitrine.Settings, src *received) (*vitrine.Inspection, error) {
	defer s.meter.since(stepInspect, time.Now())
	src.settled = false
	seen, err := s.c.Processor.Inspect(ctx, src.path())
	if err != nil {
		return nil, err
	}
	src.settled = true
	if !set.AllowsFormat(seen.Format) {
		return nil, vitrine.Errorf(vitrine.CodeDisabledFormat, "Disabled %s format (%s)", seen.Format.Kind(), seen.Format)
	}
	if err := set.MaxPixels.Check(seen); err != nil {
		return nil, err
	}
	if seen.Format.Kind() == vitrine.KindImage {
		switch {
		case req.Width < 0:
			return nil, vitrine.Invalid("width", "Invalid width: use 1 to %d", seen.Width)
		case req.Width > seen.Width && !req.Shrink:
			return nil, &vitrine.Error{Code: vitrine.CodeWidthTooLarge, Field: "width", Message: "Target width is greater than the original image width"}
		}
	}
	return seen, nil
}
