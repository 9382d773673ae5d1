package conformance_test

import (
	"fmt"
	"maps"
	"slices"
)

// kind is the JSON type of a value, as a strict client sees it.
func kind(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case float64:
		return "number"
	case string:
		return "string"
	case []any:
		return "array"
	}
	return "object"
}

// shape lists every path of a JSON value with its type: "image.size number".
// Of an array, only the first element is looked at.
func shape(v any) []string {
	paths := map[string]string{}
	addShape(paths, "", v)
	var list []string
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		list = append(list, path+" "+paths[path])
	}
	return list
}

func addShape(paths map[string]string, path string, v any) {
	if path != "" {
		paths[path] = kind(v)
	}
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			below := key
			if path != "" {
				below = path + "." + key
			}
			addShape(paths, below, value)
		}
	case []any:
		if len(v) > 0 {
			addShape(paths, path+"[]", v[0])
		}
	}
}

// difference is one place where an answer is not as it was recorded.
type difference struct {
	path      string
	want, got any // missing, or a JSON value
}

// missing stands for a value that is not there at all.
const missing = "(missing)"

func (d difference) String() string {
	return fmt.Sprintf("%s: recorded %#v, got %#v", d.path, d.want, d.got)
}

// compare lists where two JSON values differ.
func compare(path string, want, got any) []difference {
	w, wok := want.(map[string]any)
	g, gok := got.(map[string]any)
	if !wok || !gok {
		if fmt.Sprintf("%T%v", want, want) == fmt.Sprintf("%T%v", got, got) {
			return nil
		}
		return []difference{{path, want, got}}
	}
	keys := slices.Sorted(maps.Keys(w))
	for key := range g {
		if _, ok := w[key]; !ok {
			keys = append(keys, key)
		}
	}
	var list []difference
	for _, key := range keys {
		below := key
		if path != "" {
			below = path + "." + key
		}
		wv, wok := w[key]
		gv, gok := g[key]
		switch {
		case !wok:
			list = append(list, difference{below, missing, gv})
		case !gok:
			list = append(list, difference{below, wv, missing})
		default:
			list = append(list, compare(below, wv, gv)...)
		}
	}
	return list
}
