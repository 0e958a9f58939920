package cart

// change decodes a change: each op has its own fields, and a field of another op is refused like an unknown one.
func (r *reader) change(ch *Change) field {
	return func(path string) error {
		fields := r.refFields(&ch.Ref)
		fields["id"] = r.text(&ch.ID)
		fields["op"] = r.text((*string)(&ch.Op))
		fields["key"] = r.text((*string)(&ch.Key))
		fields["quantity"] = r.integer(&ch.Quantity)
		fields["code"] = r.text(&ch.Code)
		fields["note"] = r.text(&ch.Note)
		given := map[string]bool{}
		for name, decode := range fields {
			fields[name] = func(path string) error {
				given[name] = true
				return decode(path)
			}
		}
		if err := r.object(path, fields, "op"); err != nil {
			return err
		}
		return ch.checkFields(path, given)
	}
}

// opFields are the fields of each op: those that must be given, then those that can be.
func opFields(op Op) (required, optional []string) {
	switch op {
	case OpAdd:
		return []string{"product_id", "quantity"}, []string{"variation_id", "attributes", "data"}
	case OpSet:
		return []string{"key", "quantity"}, nil
	case OpRemove:
		return []string{"key"}, nil
	case OpApplyCoupon, OpRemoveCoupon:
		return []string{"code"}, nil
	case OpNote:
		return []string{"note"}, nil
	case OpClear:
	}
	return nil, nil
}

func (ch *Change) checkFields(path string, given map[string]bool) error {
	required, optional := opFields(ch.Op)
	known := map[string]bool{"id": true, "op": true}
	for _, name := range required {
		if !given[name] {
			return invalid(join(path, name), "is missing")
		}
		known[name] = true
	}
	for _, name := range optional {
		known[name] = true
	}
	for name := range given {
		if !known[name] {
			return invalid(join(path, name), "is not a field of this op")
		}
	}
	return nil
}
