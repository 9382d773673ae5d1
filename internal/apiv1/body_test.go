package apiv1_test

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/url"
	"strings"
	"testing"
	"testing/iotest"

	"vitrine/internal/apiv1"
	"vitrine/internal/vitrine"
)

func TestForm(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"pairs", "a=1&b=2", "[[a 1] [b 2]]"},
		{"escapes", "a%20b=%2B+%41%zz%4", "[[a b + A%zz%4]]"},
		{"no value", "a&b=&=c&&d", "[[a ] [b ] [d ]]"},
		{"equals signs", "a=b=c", "[[a b=c]]"},
		{"ends in a percent sign", "a=%", "[[a %]]"},
		{"ends in half an escape", "a=%4", "[[a %4]]"},
		{"repeated", "a=1&a=2", "[[a 1] [a 2]]"},
		{"longer than the buffer", "a=" + strings.Repeat("%41", 30) + "&b=2", "[[a " + strings.Repeat("A", 30) + "] [b 2]]"},
		{"empty", "", "[]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for _, r := range []io.Reader{strings.NewReader(c.text), iotest.OneByteReader(strings.NewReader(c.text))} {
				got, err := apiv1.FormValues(r)
				if err != nil || fmt.Sprint(got) != c.want {
					t.Errorf("got %v, %v; want %s", got, err, c.want)
				}
			}
		})
	}
}

// FuzzForm compares with net/url, where that reads the text at all.
func FuzzForm(f *testing.F) {
	for _, s := range []string{"a=1&b=2", "a=%41%4", "%3D=%26&x", "+=+", "a=%zz", strings.Repeat("a=1&", 50)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := apiv1.FormValues(iotest.HalfReader(strings.NewReader(text)))
		if err != nil {
			t.Fatal(err)
		}
		want, err := url.ParseQuery(text)
		if err != nil {
			return
		}
		values := url.Values{}
		for _, p := range got {
			values.Add(p[0], p[1])
		}
		for name := range want {
			if name != "" && len(name) < 256 && fmt.Sprint(values[name]) != fmt.Sprint(want[name]) {
				t.Fatalf("%q: %q is %q, want %q", text, name, values[name], want[name])
			}
		}
	})
}

func TestIntake(t *testing.T) {
	t.Parallel()
	const limit = 1000
	picture := strings.Repeat("p", 700)
	type want struct {
		from, source, url, name string
		fields                  map[string]string
		refused, broken         vitrine.Code
	}
	for _, c := range []struct {
		name string
		body func() (contentType string, content []byte)
		want want
	}{
		{"file and fields", parts("title", "T", "@source:a.jpg", picture, "tags", "x,y"), want{from: "source", source: picture, name: "a.jpg", fields: map[string]string{"title": "T", "tags": "x,y"}}},
		{"file in a folder", parts(`@source:C:\pics\a.jpg`, picture), want{from: "source", source: picture, name: "a.jpg"}},
		{"base64 part", parts("source", "cGljdHVyZQ=="), want{from: "source", source: "picture"}},
		{"data URI part", parts("source", "data:image/png;charset=utf-8;base64,cGlj\r\ndHVyZQ=="), want{from: "source", source: "picture"}},
		{"data URI that is not base64", parts("source", "data:image/svg+xml,<svg/>"), want{from: "source", refused: vitrine.CodeBase64}},
		{"data URI without a comma", parts("source", "data:image/png;base64"), want{from: "source", refused: vitrine.CodeBase64}},
		{"URL part", parts("source", " http://example.org/a.jpg?x=1\n"), want{from: "source", url: "http://example.org/a.jpg?x=1"}},
		{"URL in capitals", parts("source", "HTTPS://EXAMPLE.ORG/A.JPG"), want{from: "source", url: "HTTPS://EXAMPLE.ORG/A.JPG"}},
		{"URL too long", parts("source", "http://example.org/"+strings.Repeat("a", 9000)), want{from: "source", refused: vitrine.CodeURLInvalid}},
		{"other scheme", parts("source", "file:///etc/hostname"), want{from: "source", refused: vitrine.CodeBase64}},
		{"ImgBB file", parts("@image:a.jpg", picture, "name", "N"), want{from: "image", source: picture, name: "a.jpg", fields: map[string]string{"name": "N"}}},
		{"ImgBB text", parts("image", "cGljdHVyZQ=="), want{from: "image", source: "picture"}},
		{"source goes before image", parts("@image:a.jpg", "other", "@source:b.jpg", picture), want{from: "source", source: picture, name: "b.jpg"}},
		{"image after source", parts("@source:b.jpg", picture, "@image:a.jpg", "other"), want{from: "source", source: picture, name: "b.jpg"}},
		{"two sources", parts("@source:a.jpg", picture, "@source:b.jpg", picture), want{from: "source", refused: vitrine.CodeSourceMissing}},
		{"a list of sources", parts("@source[]:a.jpg", picture, "@source[]:b.jpg", picture), want{from: "source", refused: vitrine.CodeSourceMissing}},
		{"a list of one", parts("@source[]:a.jpg", picture), want{from: "source", source: picture, name: "a.jpg"}},
		{"no file chosen", parts("@source:", "", "title", "T"), want{fields: map[string]string{"title": "T"}}},
		{"empty file", parts("@source:a.jpg", ""), want{from: "source", refused: vitrine.CodeSourceEmpty}},
		{"empty text", parts("source", ""), want{refused: vitrine.CodeSourceEmpty}},
		{"too big, with fields behind it", parts("@source:a.jpg", picture+picture, "format", "txt"), want{from: "source", refused: vitrine.CodeTooBig, fields: map[string]string{"format": "txt"}}},
		{"bad base64, with fields behind it", parts("source", "!!"+picture+picture, "key", "k"), want{from: "source", refused: vitrine.CodeBase64, fields: map[string]string{"key": "k"}}},
		{"unknown parameters", parts("foo", "bar", "@upload:a.jpg", picture, "key", "k"), want{fields: map[string]string{"key": "k"}}},
		{"not UTF-8 and NUL", parts("title", "a\xff\x00b"), want{fields: map[string]string{"title": "a\uFFFDb"}}},
		{"key too long", parts("key", strings.Repeat("k", 4097)), want{broken: vitrine.CodeInvalid}},
		{"title too long", parts("title", strings.Repeat("k", 128<<10+1)), want{broken: vitrine.CodeInvalid}},
		{"far too much", parts("foo", strings.Repeat("x", 2<<20)), want{broken: vitrine.CodeTooBig}},
		{"header of a part too long", parts("@source:"+strings.Repeat("a", 40<<10), picture), want{broken: vitrine.CodeTooBig}},
		{"broken off", cutShort(parts("key", "k", "@source:a.jpg", picture)), want{from: "source", broken: vitrine.CodeSourceBroken, fields: map[string]string{"key": "k"}}},
		{"no multipart at all", raw("multipart/form-data; boundary=x", "hello"), want{broken: vitrine.CodeSourceBroken}},
		{"no boundary", raw("multipart/form-data", "hello"), want{broken: vitrine.CodeSourceMissing}},
		{"empty multipart", raw("multipart/form-data; boundary=x", ""), want{}},
		{"boundary only in the body", raw("multipart/form-data", "--x\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\nk\r\n--x--\r\n"), want{fields: map[string]string{"key": "k"}}},
		{"form", raw("application/x-www-form-urlencoded", "key=k&source=cGlj+HVyZQ%3D%3D&title=a+b"), want{from: "source", source: string(decode("cGlj+HVyZQ==")), fields: map[string]string{"key": "k", "title": "a b"}}},
		{"form with charset", raw("application/x-www-form-urlencoded; charset=UTF-8", "source=http%3A%2F%2Fexample.org%2Fa.jpg"), want{from: "source", url: "http://example.org/a.jpg"}},
		{"other type", raw("image/jpeg", picture), want{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			contentType, content := c.body()
			got, err := apiv1.Take(contentType, iotest.HalfReader(bytes.NewReader(content)), limit)
			if vitrine.CodeOf(err) != c.want.broken || vitrine.CodeOf(got.Refused) != c.want.refused {
				t.Fatalf("broken %v, refused %v", err, got.Refused)
			}
			if c.want.fields == nil {
				c.want.fields = map[string]string{}
			}
			if got.From != c.want.from || got.URL != c.want.url || got.Name != c.want.name || fmt.Sprint(got.Fields) != fmt.Sprint(c.want.fields) {
				t.Errorf("got %+v", got)
			}
			if c.want.refused == "" && c.want.broken == "" && string(got.Source) != c.want.source {
				t.Errorf("source %.60q, want %.60q", got.Source, c.want.source)
			}
		})
	}
	t.Run("too many parameters", func(t *testing.T) {
		t.Parallel()
		if _, err := apiv1.Take("application/x-www-form-urlencoded", strings.NewReader(strings.Repeat("a=1&", 1000)), limit); !vitrine.Is(err, vitrine.CodeInvalid) {
			t.Errorf("got %v", err)
		}
	})
}

// FuzzMultipart feeds the reader of multipart bodies: whatever it takes is
// bounded.
func FuzzMultipart(f *testing.F) {
	for _, b := range []func() (string, []byte){
		parts("title", "T", "@source:a.jpg", "picture", "tags", "x"), parts("source", "cGljdHVyZQ=="),
		parts("source", "data:image/png;base64,AAAA"), parts("@image:x", ""), cutShort(parts("key", "k", "@source:a", "abc")),
	} {
		_, content := b()
		f.Add(content)
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		const limit = 1000
		got, err := apiv1.Take("multipart/form-data; boundary="+boundary, bytes.NewReader(content), limit)
		if len(got.Source) > limit || len(got.URL) > 8<<10 {
			t.Fatalf("took %d bytes and a URL of %d", len(got.Source), len(got.URL))
		}
		if err != nil && vitrine.CodeOf(err) == vitrine.CodeInternal {
			t.Fatalf("blames us: %v", err)
		}
	})
}

const boundary = "----------------------------vitrine"

// parts makes a multipart body of pairs; a name that begins with "@" is a file,
// written "@field:filename".
func parts(pairs ...string) func() (string, []byte) {
	return func() (string, []byte) {
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		_ = w.SetBoundary(boundary)
		for i := 0; i < len(pairs); i += 2 {
			var p io.Writer
			if field, file := strings.CutPrefix(pairs[i], "@"); file {
				name, filename, _ := strings.Cut(field, ":")
				p, _ = w.CreateFormFile(name, filename)
			} else {
				p, _ = w.CreateFormField(pairs[i])
			}
			_, _ = io.WriteString(p, pairs[i+1])
		}
		_ = w.Close()
		return w.FormDataContentType(), b.Bytes()
	}
}

func raw(contentType, content string) func() (string, []byte) {
	return func() (string, []byte) { return contentType, []byte(content) }
}

func cutShort(body func() (string, []byte)) func() (string, []byte) {
	return func() (string, []byte) {
		contentType, content := body()
		return contentType, content[:len(content)-200]
	}
}
