package cart

import (
	"bytes"
	"encoding/json"
	"io"
)

// tokens reads a text that json.Valid has seen, as [json.Decoder] with UseNumber does, without the buffers and checks that
// such a text does not need: carts and checkouts are read far more often than they are written.
type tokens struct {
	text []byte
	at   int
}

// More reports whether the object or list has another element.
func (t *tokens) More() bool {
	c := t.peek()
	return c != 0 && c != ']' && c != '}'
}

// Token returns the next token; [io.EOF] at the end. The text being valid, what it stands for is known by its first byte.
func (t *tokens) Token() (json.Token, error) {
	switch c := t.peek(); c {
	case 0:
		return nil, io.EOF
	case '{', '}', '[', ']':
		t.at++
		return json.Delim(c), nil
	case '"':
		return t.quoted()
	case 't', 'f', 'n':
		return literals(t.take(t.length(" \t\r\n,:]}"))), nil
	default:
		return json.Number(t.take(t.length(" \t\r\n,:]}"))), nil
	}
}

// peek is the first byte of the next token, 0 at the end.
func (t *tokens) peek() byte {
	for ; t.at < len(t.text); t.at++ {
		switch c := t.text[t.at]; c {
		case ' ', '\t', '\r', '\n', ',', ':':
		default:
			return c
		}
	}
	return 0
}

// length is how far it is to one of the bytes.
func (t *tokens) length(until string) int {
	if n := bytes.IndexAny(t.text[t.at:], until); n >= 0 {
		return n
	}
	return len(t.text) - t.at
}

func (t *tokens) take(n int) string {
	t.at += n
	return string(t.text[t.at-n : t.at])
}

func literals(name string) json.Token {
	switch name {
	case "true":
		return true
	case "false":
		return false
	}
	return nil
}

// quoted reads a text; escapes are left to encoding/json.
func (t *tokens) quoted() (json.Token, error) {
	begin := t.at + 1
	for end := begin; end < len(t.text); end++ {
		switch t.text[end] {
		case '"':
			t.at = end + 1
			return string(t.text[begin:end]), nil
		case '\\':
			return t.escaped()
		}
	}
	return nil, io.ErrUnexpectedEOF
}

func (t *tokens) escaped() (json.Token, error) {
	for end := t.at + 1; end < len(t.text); end++ {
		switch t.text[end] {
		case '\\':
			end++
		case '"':
			var s string
			err := json.Unmarshal(t.text[t.at:end+1], &s)
			t.at = end + 1
			return s, err
		}
	}
	return nil, io.ErrUnexpectedEOF
}
