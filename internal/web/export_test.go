package web

// FirstSegments are those of all addresses that settings do not name.
func FirstSegments() []string {
	all := append(append([]string{}, fileNames...), albumNames...)
	for name := range allAreas() {
		all = append(all, name)
	}
	return all
}
