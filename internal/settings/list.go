package settings

import "vitrine/internal/vitrine"

// Entry is one setting with its value in force.
type Entry struct {
	Key     string
	Value   string // empty for secrets: ask for Value
	Help    string
	Pinned  bool // the configuration decides; Set and Reset refuse
	Changed bool // differs from the default
	Secret  bool
}

// List is every setting in the order of the documentation.
func (s *Service) List() []Entry {
	now, standard := s.Current(), vitrine.DefaultSettings()
	all := vitrine.AllSettings()
	list := make([]Entry, 0, len(all))
	for _, d := range all {
		value, err := now.Value(d.Key)
		if err != nil {
			continue // cannot be: the key comes from the same table
		}
		usual, _ := standard.Value(d.Key)
		_, pinned := s.pinned[d.Key]
		e := Entry{Key: d.Key, Value: value, Help: d.Help, Pinned: pinned, Changed: value != usual, Secret: d.Secret}
		if d.Secret {
			e.Value = ""
		}
		list = append(list, e)
	}
	return list
}
