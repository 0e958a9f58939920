package inventory

import "time"

// Limits of a [ReserveRequest].
const (
	MaxIDLength    = 128
	MaxOwnerLength = 256
	MaxLines       = 200
	MaxLocations   = 64
	// MaxQuantity bounds one line, and lines of one item added up.
	MaxQuantity int64 = 1_000_000_000

	MinTTL     = time.Second
	MaxTTL     = 24 * time.Hour
	DefaultTTL = 15 * time.Minute

	// Remembered is how long past its expiry the id of a reservation that has
	// ended is still known.
	Remembered = time.Hour
)
