package inventory

// Standing is what a store that decides allocations keeps of an item, beside its
// levels, so that readings can be applied. The zero Standing of an Item is that of
// one never read.
type Standing struct {
	Item Item `json:"item"`
	// Drawn is the Seq of the ticket drawn last, Applied that of the newest one
	// whose reading was applied.
	Drawn   int64 `json:"drawn"`
	Applied int64 `json:"applied"`
	// Taken counts the pieces that confirmed sales and counts by hand ever took
	// from OnHand. Moved counts those whose claim ended in any way; each may have
	// been missing from the last reading and be a rise in the next.
	Taken int64 `json:"taken"`
	Moved int64 `json:"moved"`
	// Seen is Moved as the ticket of the reading applied last has it.
	Seen int64 `json:"seen"`
	// Held is the rise that the last reading showed and nobody has decided on, less
	// what orders gave back since: a cancellation there may be seen in the number
	// before it is seen in the order.
	Held int64 `json:"held"`
	// Gone: the store of record did not have it any more.
	Gone bool `json:"gone"`
}

// Draw is the next ticket, and the standing after it.
func (s Standing) Draw() (Ticket, Standing) {
	s.Drawn++
	return Ticket{Item: s.Item, Seq: s.Drawn, Taken: s.Taken, Moved: s.Moved}, s
}

// After is the standing after entries were posted. Entries of other items are
// skipped. A store calls it for whatever it posts, in the same step.
func (s Standing) After(entries ...Entry) Standing {
	for _, e := range entries {
		if e.Key.Item != s.Item {
			continue
		}
		switch e.Kind {
		case Confirm:
			s.Taken += e.Quantity
			s.Moved += e.Quantity
		case ReleaseAllocation, Expire:
			s.Moved += e.Quantity
		case Restock, Return:
			s.Moved += e.Quantity
			s.Held = max(0, s.Held-e.Quantity)
		case Adjust:
			if e.To == AccountAdjustment {
				s.Taken += e.Quantity
			}
		}
	}
	return s
}

// Unsettled says that a further reading is due: a claim has ended since the last
// one, which may have missed it. The uses of a coupon are never read.
func (s Standing) Unsettled() bool { return s.Moved > s.Seen && !s.Item.Coupon() }
