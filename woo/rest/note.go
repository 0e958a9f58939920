package rest

// Note is a remark on an order's history.
type Note struct {
	ID          int64  `json:"id"`
	Author      string `json:"author"`
	Text        string `json:"note"`
	ForCustomer bool   `json:"customer_note"`
	CreatedAt   Time   `json:"date_created_gmt"`
}

// NoteChange is a note to add. One for the customer is mailed at once.
type NoteChange struct {
	Text        string `json:"note"`
	ForCustomer bool   `json:"customer_note"`
}

func (c NoteChange) check() error {
	if c.Text == "" {
		return invalid("note", "must not be empty")
	}
	return nil
}

func (c NoteChange) ignored(Note) error { return nil }
