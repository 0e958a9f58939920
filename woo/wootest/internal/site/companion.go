package site

// KeyedOrder is the plugin's row for a key: the order it made, and from what.
type KeyedOrder struct {
	Order int64
	Hash  string
}
