package redisstore

import "time"

// ShiftClock makes the scripts believe that the server's clock shows another time.
func (r *Reserver) ShiftClock(shift func() time.Duration) { r.script.shift = shift }

// Keys are the keys a Reserver uses.
func (r *Reserver) Keys() []string { return r.script.keys }
