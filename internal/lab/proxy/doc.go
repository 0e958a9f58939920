// Package proxy stands between a client and a server and spoils replies, byte by
// byte.
//
// Losing a request is dull: nothing happened. Losing a reply is what sells a piece
// twice, because the server has done what it was asked and the client, who cannot
// know, asks again. A [Proxy] passes every request on and lets a [Fault] decide what
// becomes of each piece of a reply: passed, passed in part and then cut, held up for
// a while, or answered by a reset.
//
//	p, err := proxy.Listen("127.0.0.1:6379")
//	...
//	p.Spoil(proxy.OneIn(20, 7, proxy.Cut))   // 5 % of replies are lost
//	client := redis.NewClient(&redis.Options{Addr: p.Addr()})
//
// It also stands in for a network: [Proxy.Point] sends new connections to another
// server, as a failover does, and [Proxy.Reset] breaks the ones there are.
package proxy
