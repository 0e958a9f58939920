package pgstore

import (
	"database/sql/driver"
	"strings"
)

// array is a text[] as Postgres writes it down, so that any driver can send it. Statements take it as text and make it an
// array themselves ($1::text::text[]): pgx would read what is meant for an array, only to write it down again.
type array []string

// Value implements driver.Valuer.
func (a array) Value() (driver.Value, error) {
	var b strings.Builder
	b.WriteByte('{')
	for i, s := range a {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('"')
		for rest := s; ; {
			cut := strings.IndexAny(rest, `"\`)
			if cut < 0 {
				b.WriteString(rest)
				break
			}
			b.WriteString(rest[:cut])
			b.WriteByte('\\')
			b.WriteByte(rest[cut])
			rest = rest[cut+1:]
		}
		b.WriteByte('"')
	}
	b.WriteByte('}')
	return b.String(), nil
}
