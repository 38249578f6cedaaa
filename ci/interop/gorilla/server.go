// An echo server on Debian's gorilla/websocket.
package main

import (
	"log"
	"net/http"
	"os"
	"time"
	"unicode/utf8"

	"github.com/gorilla/websocket"
)

var upgrader = websocket.Upgrader{
	EnableCompression: true,
	CheckOrigin:       func(*http.Request) bool { return true },
}

// The library leaves it to the application whether text is UTF-8.
func refuse(connection *websocket.Conn) {
	message := websocket.FormatCloseMessage(websocket.CloseInvalidFramePayloadData, "")
	connection.WriteControl(websocket.CloseMessage, message, time.Now().Add(time.Second))
}

func echo(response http.ResponseWriter, request *http.Request) {
	connection, err := upgrader.Upgrade(response, request, nil)
	if err != nil {
		return
	}
	defer connection.Close()
	connection.SetReadLimit(64 << 20)
	for {
		kind, data, err := connection.ReadMessage()
		if err != nil {
			return
		}
		if kind == websocket.TextMessage && !utf8.Valid(data) {
			refuse(connection)
			return
		}
		if connection.WriteMessage(kind, data) != nil {
			return
		}
	}
}

func main() {
	http.HandleFunc("/", echo)
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Args[1], nil))
}
