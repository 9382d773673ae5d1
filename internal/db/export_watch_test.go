package db

// For tests of the texts that go to the log.
var (
	WithoutValues = withoutValues
	GroupOf       = groupOf
)
