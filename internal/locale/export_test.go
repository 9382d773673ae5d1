package locale

// Raw is every form of a text as it stands in the catalogue.
func (l *Localizer) Raw(id string) string { return l.raw[id] }
