package wootest

type graph struct{}

func (s *Store) serveGraphQL(req *request) reply { return reply{status: 500} }
