package wootest

// keyedOrder is the plugin's row for a key: the order it made, and from what.
type keyedOrder struct {
	order int64
	hash  string
}
