package checkouthttp

// Routes lists the routes of the API as "METHOD /path", the return route with them.
func (a *API) Routes() []string {
	list := []string{returnRoute}
	for _, rt := range a.routes() {
		list = append(list, rt.method+" "+rt.path)
	}
	return list
}

// Codes lists every code that has a meaning, with its status.
func Codes() map[Code]int {
	codes := map[Code]int{}
	for code, m := range meanings() {
		codes[code] = m.status
	}
	return codes
}

// What is tested from the outside.
var (
	CodeOf        = codeOf
	FieldErrorsOf = fieldErrors
)

// ParseBody reads a body as an operation with the fields "name" (a text) and "count" (a whole number) would.
func ParseBody(data []byte) (name string, count int64, err error) {
	f, err := parseForm(data)
	if err != nil {
		return "", 0, err
	}
	name, count = f.needText("name"), f.whole("count")
	return name, count, f.done()
}
