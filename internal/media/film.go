package media

import (
	"context"

	"vitrine/internal/vitrine"
)

func (s *Service) inspectFilm(ctx context.Context, path string, format vitrine.Format) (*vitrine.Inspection, error) {
	return nil, vitrine.Errorf(vitrine.CodeInvalidVideo, "Invalid video file provided")
}

func (s *Service) renderFilm(ctx context.Context, req vitrine.RenderRequest) (*vitrine.Rendition, error) {
	return nil, vitrine.Errorf(vitrine.CodeInvalidVideo, "Invalid video file provided")
}
