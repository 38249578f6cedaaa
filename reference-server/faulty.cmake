wsproof_library(faulty
  SOURCES faults.cpp faults_handshake.cpp faults_frames.cpp faults_deflate.cpp faults_variants.cpp
    faulty_server.cpp faulty_server_reading.cpp faulty_server_request.cpp faulty_server_handshake.cpp
    faulty_server_negotiation.cpp faulty_server_frames.cpp faulty_server_messages.cpp
    faulty_server_text.cpp faulty_server_echo.cpp faulty_server_deflate.cpp faulty_server_closing.cpp
  LINKS wsproof_wire)
wsproof_test(faulty
  SOURCES faults_test.cpp faulty_server_test.cpp faulty_server_probes.cpp
  LINKS wsproof_faulty)
