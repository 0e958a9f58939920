package doctor

import (
	"context"
	"crypto/tls"
	"net"
	"net/http/httptrace"
	"sync"
	"time"
)

// wire is what was seen of the connection to the store.
type wire struct {
	mu      sync.Mutex
	dialled string // host and port, as the client asks for them
	remote  net.Addr
	tls     *tls.ConnectionState
}

// watch notes the connection that requests under the context get.
func (w *wire) watch(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GetConn: w.asked, GotConn: w.got})
}

func (w *wire) asked(hostPort string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.dialled = hostPort
}

func (w *wire) got(info httptrace.GotConnInfo) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.remote = info.Conn.RemoteAddr()
	if secured, ok := info.Conn.(interface{ ConnectionState() tls.ConnectionState }); ok {
		state := secured.ConnectionState()
		w.tls = &state
	}
}

// seen reports whether there was a connection to look at.
func (w *wire) seen() bool { return w.remote != nil }

// private reports whether the connection stays on this machine or its network.
func (w *wire) private() bool {
	host, _, err := net.SplitHostPort(w.remote.String())
	ip := net.ParseIP(host)
	return err == nil && ip != nil && (ip.IsLoopback() || ip.IsPrivate())
}

// expires is when the store's certificate ends.
func (w *wire) expires() (time.Time, bool) {
	if w.tls == nil || len(w.tls.PeerCertificates) == 0 {
		return time.Time{}, false
	}
	return w.tls.PeerCertificates[0].NotAfter, true
}
