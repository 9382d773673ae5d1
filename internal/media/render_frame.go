package media

import (
	"context"
	"errors"

	"vitrine/internal/vitrine"
)

// renderFrame fills in thumb, medium and placeholder of a film from its frame, a
// picture in the spool, and tells the frame's size. Sizes come from the request;
// medium is nil where the frame is not larger. Both are JPEG, in the request's
// folder.
func (s *Service) renderFrame(ctx context.Context, framePath string, req vitrine.RenderRequest, r *vitrine.Rendition) (size vitrine.Dimensions, err error) {
	format, err := sniffFile(framePath)
	if err != nil {
		return size, err
	}
	order, err := s.order(opFrame, framePath, req)
	if err != nil {
		return size, err
	}
	order.Format = format
	answer, err := s.pool.do(ctx, order, baseWeight, 2*s.cfg.Queue)
	if err != nil {
		return size, err
	}
	if answer.Width < 1 || answer.Height < 1 {
		return size, internal(errors.New("the decoder's answer makes no sense"))
	}
	if r.Thumb, err = answer.Thumb.in(req.Folder); err != nil {
		return size, internal(err)
	}
	if r.Medium, err = answer.Medium.in(req.Folder); err != nil {
		return size, internal(err)
	}
	r.Placeholder = answer.placeholder()
	return vitrine.Dimensions{Width: answer.Width, Height: answer.Height}, nil
}
