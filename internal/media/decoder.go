package media

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"time"

	"vitrine/internal/vips"
	"vitrine/internal/vitrine"
)

// decoder is the inside of a decoder process. It does one job after the other.
type decoder struct {
	root     *os.Root // the spool folder: all files that it can open
	jail     string   // how it is confined, in words
	resident func() int64
}

// trimAbove is the resident size at which a decoder gives memory back after a job.
const trimAbove = 96 << 20

// RunDecoder is the main function of a decoder process, started by a Service as
// "decoder --spool DIR --memory BYTES". It answers requests until its input ends,
// and gives the exit status. A picture that crashes it takes only this process
// down.
func RunDecoder(args []string, stdin io.Reader, stdout io.Writer) int {
	flags := flag.NewFlagSet("decoder", flag.ContinueOnError)
	spool := flags.String("spool", "", "the only folder that is read and written")
	memory := flags.Int64("memory", DefaultMemory, "bytes of address space for the work")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	d, err := newDecoder(*spool, *memory)
	if err != nil {
		fmt.Fprintln(os.Stderr, "decoder:", err)
		return 1
	}
	if stdout, err = keepForAnswers(stdout); err != nil {
		fmt.Fprintln(os.Stderr, "decoder:", err)
		return 1
	}
	if err := d.serve(stdin, stdout); err != nil {
		fmt.Fprintln(os.Stderr, "decoder:", err)
		return 1
	}
	return 0
}

// newDecoder loads what must be loaded and then locks the door.
func newDecoder(spool string, memory int64) (*decoder, error) {
	root, err := os.OpenRoot(spool)
	if err != nil {
		return nil, fmt.Errorf("spool folder: %w", err)
	}
	if err := vips.Init(); err != nil {
		return nil, err
	}
	d := &decoder{root: root, resident: residentMeter()}
	if err := limitProcess(memory); err != nil {
		return nil, fmt.Errorf("limits: %w", err)
	}
	d.jail = confine(spool)
	return d, nil
}

// serve answers one request after the other until its input ends. When the
// server dies in the middle of a job, the kernel ends this process, or its next
// write does.
func (d *decoder) serve(stdin io.Reader, stdout io.Writer) error {
	in := bufio.NewReader(stdin)
	for {
		var r request
		if err := readMessage(in, &r); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
		if err := writeMessage(stdout, d.answer(&r)); err != nil {
			return err
		}
	}
}

// answer does one job. A panic of our own code is an answer too; memory that
// cannot be had is not, and ends the process.
func (d *decoder) answer(r *request) (a *response) {
	defer func() {
		if p := recover(); p != nil {
			a = &response{Fault: toFault(damaged(fmt.Errorf("panic: %v\n%s", p, debug.Stack())))}
		}
		if a.Resident = d.resident(); a.Resident > trimAbove {
			debug.FreeOSMemory()
			vips.Trim()
			a.Resident = d.resident()
		}
	}()
	limitJob(r.Patience)
	a = &response{}
	var err error
	switch r.Op {
	case opPing:
		a.Jail = d.jail
	case opInspect:
		a.Inspection, err = d.inspect(r)
	case opRender:
		err = d.render(r, a)
	case opFrame:
		err = d.renderFrame(r, a)
	default:
		err = fmt.Errorf("unknown request %q", r.Op)
	}
	if err != nil {
		a = &response{Fault: toFault(refusal(err))}
	}
	return a
}

// refusal turns what libvips and the file system say into what a person may
// read.
func refusal(err error) error {
	if _, ok := errors.AsType[*vitrine.Error](err); ok {
		return err
	}
	if _, ok := errors.AsType[vips.Error](err); ok {
		return damaged(err)
	}
	switch {
	case errors.Is(err, vips.ErrTimeout), errors.Is(err, vips.ErrMemory):
		return tooHard(err)
	case errors.Is(err, vips.ErrNoSpace), isNoSpace(err):
		return &vitrine.Error{Code: vitrine.CodeNoSpace, Message: "No space left on storage", Err: err}
	}
	return internal(err)
}

// source is a file of the spool, as bytes that the kernel reads when they are
// looked at.
type source struct {
	file *os.File
	data []byte
}

func (d *decoder) open(name string) (*source, error) {
	f, err := d.root.Open(name)
	if err != nil {
		return nil, err
	}
	data, err := mapFile(f)
	if err != nil {
		f.Close()
		return nil, err
	}
	return &source{file: f, data: data}, nil
}

func (s *source) close() {
	unmapFile(s.data)
	s.file.Close()
}

// minPatience is left for the work even if the request is late.
const minPatience = 100 * time.Millisecond

func patience(r *request, since time.Time) time.Duration {
	return max(r.Patience-time.Since(since), minPatience)
}
