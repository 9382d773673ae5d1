package media

import "context"

// hold runs a job that needs no decoder in the place of one, so that ffmpeg and
// decoders together never are more than there are cores. weight and queue are
// those of do.
func (p *pool) hold(ctx context.Context, weight int64, queue int, job func(context.Context) error) error {
	if !p.enter(queue) {
		return busy(nil)
	}
	defer p.jobs.Done()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer context.AfterFunc(p.ctx, func() { cancel(busy(errClosed)) })()
	leave, err := p.admit(ctx, min(weight, p.cfg.Budget))
	if err != nil {
		return err
	}
	defer leave()
	err = job(ctx)
	if err != nil && ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}
