package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"vitrine/internal/vitrine"
)

// BenchmarkViewer renders a viewer page with everything on it, from the
// database to the answer.
func BenchmarkViewer(b *testing.B) {
	s := newSite(b, options{})
	s.add(b, func(f *vitrine.File) {
		f.Description = "A few words about the picture."
		f.Tags = []vitrine.Tag{{Name: "one"}, {Name: "two"}}
		f.EXIF = `{"Make":"LabCam","Model":"Lab One","FNumber":"14/5","ISOSpeedRatings":"200","DateTimeOriginal":"2024:05:06 07:08:09"}`
	})
	for name, path := range map[string]string{
		"picture": "/image/A-photo.aB3dE7x", "picture anew": "/image/A-photo.aB3dE7x",
		"not found": "/image/zzzzzzz", "home": "/", "API page": "/api-v1",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			other := now.Add(time.Hour)
			for b.Loop() {
				if name == "picture anew" {
					s.now, other = other, s.now // another age each time, so that it is rendered
				}
				r := httptest.NewRequest(http.MethodGet, path, nil)
				r.Header.Set("Accept-Language", "en-GB,en;q=0.9,de;q=0.5")
				s.ServeHTTP(httptest.NewRecorder(), r)
			}
		})
	}
}

// BenchmarkList renders a full page of the list of everybody's files, with their
// owners, and the part of it that an endless list fetches.
func BenchmarkList(b *testing.B) {
	s := newSite(b, options{})
	var owners []int64
	for i := range 12 {
		owners = append(owners, s.user(b, fmt.Sprintf("user%02d", i), vitrine.RoleUser).ID)
	}
	s.fill(b, 60, func(i int, f *vitrine.File) {
		f.OwnerID, f.Placeholder = owners[i%len(owners)], make([]byte, 36)
	})
	for name, headers := range map[string][]string{"page": nil, "part": {"X-Part", "1"}, "signed in": {"Cookie", "as=user00"}} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				r := httptest.NewRequest(http.MethodGet, "/explore/recent", nil)
				for i := 0; i < len(headers); i += 2 {
					r.Header.Set(headers[i], headers[i+1])
				}
				w := httptest.NewRecorder()
				if s.ServeHTTP(w, r); w.Code != http.StatusOK {
					b.Fatal(w.Code)
				}
			}
		})
	}
}
