// An echo server on the npm package websocket, which has no permessage-deflate.
const http = require('http');
const { server: WebSocketServer } = require('websocket');

const limit = 64 * 1024 * 1024;
const httpServer = http.createServer((request, response) => response.writeHead(404).end());
httpServer.listen(Number(process.argv[2]), '127.0.0.1');

const server = new WebSocketServer({
  httpServer,
  autoAcceptConnections: true,
  keepalive: false,
  maxReceivedFrameSize: limit,
  maxReceivedMessageSize: limit,
});

server.on('connect', (connection) => {
  connection.on('error', () => {});
  connection.on('message', (message) => {
    if (message.type === 'utf8') connection.sendUTF(message.utf8Data);
    else connection.sendBytes(message.binaryData);
  });
});
