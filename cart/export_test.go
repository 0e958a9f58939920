package cart

import "encoding/json"

// TokensOf lists the tokens of a text that json.Valid has seen, each with whether more follows in its object or list.
func TokensOf(text []byte) (list []json.Token, more []bool, err error) {
	t := &tokens{text: text}
	for {
		more = append(more, t.More())
		token, err := t.Token()
		if err != nil {
			return list, more, err
		}
		list = append(list, token)
	}
}
