package web

// uploadDonePage is the answer to a plain form.
type uploadDonePage struct {
	Layout  layout
	Heading string
	Files   []uploaded
	Refused []refused
	All     []codeGroup // of all files together
	Album   *albumOffer // nil: no album can be made of them
	Guest   bool
	SignIn  string // path
	Again   string // path
}

// albumOffer is the form that puts fresh files into an album.
type albumOffer struct {
	Action string
	Name   string        // suggested
	Albums []albumOption // that there are; none for guests
}

// albumOption is an album to choose.
type albumOption struct{ ID, Name string }

func (q *visit) uploadDone(status int, files []uploaded, failures []refused) error {
	p := &uploadDonePage{
		Files: files, Refused: failures, Guest: q.actor().Guest(),
		SignIn: q.Links.SignIn(q.Links.Path("/upload")), Again: q.Links.Path("/upload"),
	}
	p.Heading = q.texts.T("upload.done")
	if len(files) == 0 {
		p.Heading = q.texts.T("upload.none")
	}
	p.Layout = q.layout(p.Heading)
	p.Layout.NoIndex, p.Layout.Entry = true, "upload"
	codes := make([][]codeGroup, len(files))
	for i, f := range files {
		codes[i] = f.Codes
	}
	if len(files) > 1 {
		p.All = joinCodes(codes...)
	}
	if len(files) > 0 && q.actor().MayMakeAlbums(q.settings) == nil {
		var err error
		if p.Album, err = q.albumOffer(); err != nil {
			return err
		}
	}
	// Delete links must not travel on as referrers.
	q.w.Header().Set("Referrer-Policy", "no-referrer")
	q.w.Header().Set("Cache-Control", "no-store")
	return q.render(status, "upload_done", p)
}

func (q *visit) albumOffer() (*albumOffer, error) {
	albums, err := q.ownAlbums()
	return &albumOffer{
		Action: q.Links.Path("/-/album-of"), Albums: albums,
		Name: q.albumName(),
	}, err
}
