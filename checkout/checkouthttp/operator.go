package checkouthttp

func (a *API) operatorRoutes() []route { return nil }
