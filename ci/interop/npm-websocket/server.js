// An echo server on the npm package websocket, which has no permessage-deflate.
const http = require('http');
const { server: WebSocketServer } = require('websocket');

const limit = 64 * 1024 * 1024;
const httpServer = http.createServer((request, response) => response.writeHead(404).end());
httpServer.listen(Number(process.argv[2]), '127.0.0.1');

const server = new WebSocketServer({
  httpServer,
  keepalive: false,
  closeTimeout: 2000,
  maxReceivedFrameSize: limit,
  maxReceivedMessageSize: limit,
});

// autoAcceptConnections would let the exception of a subprotocol that is no token end the process
function accept(request) {
  try {
    return request.accept(request.requestedProtocols[0], request.origin);
  } catch {
    return undefined; // the library has answered with 500
  }
}

server.on('request', (request) => {
  const connection = accept(request);
  if (!connection) return;
  connection.on('error', () => {});
  connection.on('message', (message) => {
    if (message.type === 'utf8') connection.sendUTF(message.utf8Data);
    else connection.sendBytes(message.binaryData);
  });
});
