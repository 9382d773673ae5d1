package media

import (
	"context"
	"errors"

	"vitrine/internal/vitrine"
)

// renderFrame makes thumb and medium of a film from its frame, a picture in the
// spool, and tells the frame's own size. Sizes come from the request; medium is
// nil where the frame is not larger. Both are JPEG, in the request's Folder.
func (s *Service) renderFrame(ctx context.Context, framePath string, req vitrine.RenderRequest) (thumb, medium *vitrine.Output, width, height int, err error) {
	return nil, nil, 0, 0, errors.New("not built yet")
}
