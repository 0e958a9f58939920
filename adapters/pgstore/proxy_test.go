package pgstore_test

import (
	"bytes"
	"context"
	"net"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
)

// proxy stands between a pool and the server. It can lose an answer: when a message of the client's that contains a mark
// has gone through, the server works on it and nothing comes back any more on that connection.
type proxy struct {
	listener net.Listener
	server   string

	mu   sync.Mutex
	mark []byte
	lost int // answers that are still to be lost
	hits int
}

func newProxy(tb testing.TB, server string) *proxy {
	tb.Helper()
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	p := &proxy{listener: listener, server: server}
	tb.Cleanup(func() { _ = listener.Close() })
	go p.serve()
	return p
}

// through makes a pool go through the proxy.
func (p *proxy) through(c *pgx.ConnConfig) {
	address := p.listener.Addr().(*net.TCPAddr)
	c.Host, c.Port = address.IP.String(), uint16(address.Port)
}

// lose loses the answers to the next n messages that contain mark.
func (p *proxy) lose(mark string, n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.mark, p.lost, p.hits = []byte(mark), n, 0
}

func (p *proxy) lostSoFar() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.hits
}

// strikes says whether the answer to a message is to be lost.
func (p *proxy) strikes(message []byte) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.lost == 0 || !bytes.Contains(message, p.mark) {
		return false
	}
	p.lost--
	p.hits++
	return true
}

func (p *proxy) serve() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		go p.pass(client)
	}
}

func (p *proxy) pass(client net.Conn) {
	server, err := new(net.Dialer).DialContext(context.Background(), "tcp", p.server)
	if err != nil {
		_ = client.Close()
		return
	}
	struck := make(chan struct{})
	go func() {
		defer client.Close()
		answers := make([]byte, 64<<10)
		for {
			n, err := server.Read(answers)
			select {
			case <-struck: // the server has answered, so it has done it: the answer is lost here
				return
			default:
			}
			if _, werr := client.Write(answers[:n]); err != nil || werr != nil {
				return
			}
		}
	}()
	defer server.Close()
	message := make([]byte, 64<<10)
	for {
		n, err := client.Read(message)
		if err != nil {
			return
		}
		if p.strikes(message[:n]) {
			close(struck)
			_, _ = server.Write(message[:n])
			drain(client, message)
			return
		}
		if _, err := server.Write(message[:n]); err != nil {
			return
		}
	}
}

// drain reads until the connection is closed, which the lost answer does.
func drain(client net.Conn, buffer []byte) {
	for {
		if _, err := client.Read(buffer); err != nil {
			return
		}
	}
}
