package feeds_test

import (
	"fmt"
	"net/http"
	"testing"
)

// Benchmarks answer from the database on, as the first visitor after a change
// finds them: nothing is kept.

func BenchmarkFeed(b *testing.B) {
	s := usual(b)
	for i := range 200 {
		s.add(b, fmt.Sprintf("f%03d", i), nil)
	}
	b.ReportAllocs()
	for b.Loop() {
		if w := s.record(newRequest(http.MethodGet, "/feed.atom")); w.Code != http.StatusOK {
			b.Fatal(w.Code)
		}
	}
}

func BenchmarkSitemapPage(b *testing.B) {
	s := usual(b)
	for i := range 2000 {
		s.add(b, fmt.Sprintf("f%04d", i), nil)
	}
	b.ReportAllocs()
	for b.Loop() {
		if w := s.record(newRequest(http.MethodGet, "/sitemap/files-0.xml")); w.Code != http.StatusOK {
			b.Fatal(w.Code)
		}
	}
}

func BenchmarkOEmbed(b *testing.B) {
	s := usual(b)
	s.add(b, "photo", nil)
	b.ReportAllocs()
	for b.Loop() {
		if w := s.record(newRequest(http.MethodGet, "/oembed?url=https%3A%2F%2Fpics.example.org%2Fg%2Fimage%2Fphoto")); w.Code != http.StatusOK {
			b.Fatal(w.Code)
		}
	}
}
