wsproof_library(faulty
  SOURCES faults.cpp faults_handshake.cpp faults_frames.cpp faults_deflate.cpp faults_client.cpp faults_variants.cpp
    faulty_peer_output.cpp faulty_peer_opening.cpp faulty_peer_heads.cpp faulty_peer_fields.cpp faulty_peer_frames.cpp
    faulty_peer_messages.cpp faulty_peer_text.cpp faulty_peer_echo.cpp faulty_peer_deflate.cpp faulty_peer_closing.cpp
    faulty_server_request.cpp faulty_server_handshake.cpp faulty_server_negotiation.cpp
    faulty_client_request.cpp faulty_client_response.cpp faulty_client_negotiation.cpp
  LINKS wsproof_wire)
wsproof_test(faulty
  SOURCES faults_test.cpp faulty_server_test.cpp faulty_client_test.cpp faulty_peer_probes.cpp faulty_head_probes.cpp
  LINKS wsproof_faulty)
