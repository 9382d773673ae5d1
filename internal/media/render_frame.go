package media

import (
	"context"
	"errors"

	"vitrine/internal/vitrine"
)

// renderFrame makes thumb and medium of a film from its frame, a picture in the
// spool, and tells the frame's own size. Sizes come from the request; medium is
// nil where the frame is not larger. Both are JPEG, in the request's folder.
func (s *Service) renderFrame(ctx context.Context, framePath string, req vitrine.RenderRequest) (thumb, medium *vitrine.Output, width, height int, err error) {
	format, err := sniffFile(framePath)
	if err != nil {
		return nil, nil, 0, 0, err
	}
	order, err := s.order(opFrame, framePath, req)
	if err != nil {
		return nil, nil, 0, 0, err
	}
	order.Format = format
	answer, err := s.pool.do(ctx, order, baseWeight, 2*s.cfg.Queue)
	if err != nil {
		return nil, nil, 0, 0, err
	}
	if answer.Width < 1 || answer.Height < 1 {
		return nil, nil, 0, 0, internal(errors.New("the decoder's answer makes no sense"))
	}
	if thumb, err = answer.Thumb.in(req.Folder); err != nil {
		return nil, nil, 0, 0, internal(err)
	}
	if medium, err = answer.Medium.in(req.Folder); err != nil {
		return nil, nil, 0, 0, internal(err)
	}
	return thumb, medium, answer.Width, answer.Height, nil
}
