package media

import "context"

// Check tells whether a decoder starts and answers. See Confinement for how well
// it is locked in, and CheckFilms for ffmpeg.
func (s *Service) Check(ctx context.Context) error {
	_, err := s.Confinement(ctx)
	return err
}

// Confinement tells in words what a decoder could still reach if a picture took
// it over, which depends on the kernel.
func (s *Service) Confinement(ctx context.Context) (string, error) {
	answer, err := s.pool.do(ctx, &request{Op: opPing}, baseWeight, s.cfg.Queue)
	if err != nil {
		return "", err
	}
	return answer.Jail, nil
}
