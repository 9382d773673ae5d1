package web

import (
	"net/url"
	"strings"
)

// searchFromOriginal translates an address of a search as the original software
// has them: "/search/images/?q=", and the fields as_q (all these words), as_epq
// (this phrase), as_oq (any of these), as_eq (none of these) and as_cat. It returns
// the query of our own address with its question mark; other is false for an
// address that is ours already.
func searchFromOriginal(rest string, query url.Values) (ours string, other bool) {
	words := strings.Fields(query.Get("q"))
	out := url.Values{}
	if kind := strings.Trim(rest, "/"); kind != "" {
		other = true
		if kind == "albums" || kind == "users" { // "images" are films as well
			out.Set("type", kind)
		}
	}
	category := query.Get("category")
	kept := words[:0]
	for _, w := range words {
		if key, ok := strings.CutPrefix(w, "category:"); ok && key != "" {
			category, other = key, true
			continue
		}
		kept = append(kept, w)
	}
	words = kept
	for _, field := range []string{"as_q", "as_epq", "as_oq", "as_eq", "as_cat"} {
		value := strings.TrimSpace(query.Get(field))
		if value == "" {
			continue
		}
		other = true
		switch field {
		case "as_q":
			words = append(words, value)
		case "as_epq":
			words = append(words, `"`+strings.ReplaceAll(value, `"`, "")+`"`)
		case "as_oq":
			// Ours knows no "any of": one of one is all of one.
			if any := strings.Fields(value); len(any) == 1 || len(words) == 0 {
				words = append(words, any[0])
			}
		case "as_eq":
			for _, w := range strings.Fields(value) {
				words = append(words, "-"+strings.TrimLeft(w, "-"))
			}
		case "as_cat":
			category = value
		}
	}
	if !other {
		return "", false
	}
	if len(words) > 0 {
		out.Set("q", strings.Join(words, " "))
	}
	if category != "" {
		out.Set("category", category)
	}
	for _, kept := range []string{"type", "lang"} {
		if v := query.Get(kept); v != "" && !out.Has(kept) {
			out.Set(kept, v)
		}
	}
	if len(out) == 0 {
		return "", true
	}
	return "?" + out.Encode(), true
}
