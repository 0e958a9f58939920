package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// maxRecord is how long a line may be, in bytes.
const maxRecord = 16 << 20

// question is a record that can be answered.
type question interface {
	// answer is the record's output, or an error that says what is wrong with the record.
	answer() (any, error)
	// bill is the record as the purchase to be shown in a table.
	bill() (*bill, error)
}

// reply is a line of output.
type reply struct {
	ID     json.RawMessage `json:"id"`
	Line   int             `json:"line,omitempty"`
	Output any             `json:"output,omitempty"`
	Error  string          `json:"error,omitempty"`
}

// answerAll answers every line of in. It fails only when reading or writing does.
func (o options) answerAll(in io.Reader, out io.Writer) error {
	w := bufio.NewWriter(out)
	r := bufio.NewReaderSize(in, 1<<16)
	for line := 1; ; line++ {
		record, err := readLine(r)
		if record = bytes.TrimSpace(record); len(record) > 0 || errors.Is(err, errTooLong) {
			if err := o.write(w, line, record, err); err != nil {
				return err
			}
		}
		if err != nil && !errors.Is(err, errTooLong) {
			if errors.Is(err, io.EOF) {
				err = nil
			}
			return errors.Join(err, w.Flush())
		}
		if r.Buffered() == 0 { // whoever types records sees each answer
			if err := w.Flush(); err != nil {
				return err
			}
		}
	}
}

var errTooLong = fmt.Errorf("the record is longer than %d bytes", maxRecord)

// readLine reads to the next newline. Of a line that is too long nothing is kept.
func readLine(r *bufio.Reader) ([]byte, error) {
	var line []byte
	long := false
	for {
		part, err := r.ReadSlice('\n')
		if long = long || len(line)+len(part) > maxRecord; long {
			line = nil
		} else {
			line = append(line, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
		case long && (err == nil || errors.Is(err, io.EOF)):
			return nil, errTooLong
		default:
			return line, err
		}
	}
}

// write answers one record.
func (o options) write(w *bufio.Writer, line int, record []byte, failed error) error {
	r := reply{ID: json.RawMessage("null"), Line: line}
	var q question
	err := failed
	if errors.Is(failed, io.EOF) || failed == nil {
		if q, err = o.read(record, &r); err == nil {
			if o.table {
				return o.writeTable(w, r, q)
			}
			r.Output, err = q.answer()
		}
	}
	if err != nil {
		r.Output, r.Error = nil, err.Error()
	}
	if o.table {
		_, err = fmt.Fprintf(w, "%s: %s\n\n", r.name(), r.Error)
		return err
	}
	data, err := json.Marshal(r)
	if err != nil {
		return err
	}
	_, err = w.Write(append(data, '\n'))
	return err
}

func (o options) writeTable(w *bufio.Writer, r reply, q question) error {
	b, err := q.bill()
	if err != nil {
		_, err = fmt.Fprintf(w, "%s: %v\n\n", r.name(), err)
		return err
	}
	_, err = w.WriteString(b.text(r.name()))
	return err
}

// name is how a table calls the record.
func (r reply) name() string {
	var text string
	switch {
	case json.Unmarshal(r.ID, &text) == nil && text != "":
		return text
	case string(r.ID) == "null":
		return fmt.Sprintf("line %d", r.Line)
	}
	return string(r.ID)
}

// read takes a record apart.
func (o options) read(record []byte, r *reply) (question, error) {
	var head struct {
		ID json.RawMessage `json:"id"`
	}
	if err := json.Unmarshal(record, &head); err != nil {
		return nil, readable(err)
	}
	if head.ID != nil {
		r.ID, r.Line = head.ID, 0
	}
	var q question
	switch o.mode {
	case carts:
		q = &cartRecord{At: o.at}
	case rateLists:
		q = &rateRecord{}
	case couponSteps:
		q = &couponRecord{At: o.at}
	case restOrders:
		q = &orderRecord{At: o.at}
	}
	if err := json.Unmarshal(record, q); err != nil {
		return nil, readable(err)
	}
	return q, nil
}

// readable says what is wrong with a record in terms of the record.
func readable(err error) error {
	var wrong *json.UnmarshalTypeError
	switch {
	case !errors.As(err, &wrong):
		return fmt.Errorf("not a record: %w", err)
	case wrong.Field == "":
		return errors.New("not a record: must be a JSON object, not a JSON " + wrong.Value)
	}
	return fmt.Errorf("%s: must not be a JSON %s", wrong.Field, wrong.Value)
}
