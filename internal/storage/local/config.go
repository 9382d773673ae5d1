package local

// Config says where the folder is.
type Config struct {
	Root string // path of the folder, made if missing; empty: images in the working folder
}

func (c Config) withDefaults() Config {
	if c.Root == "" {
		c.Root = "images"
	}
	return c
}
