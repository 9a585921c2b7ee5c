package io.fashionmnist.training.emulator.cli;

import io.fashionmnist.training.emulator.VertexEmulator;
import io.fashionmnist.training.emulator.config.EmulatorSettings;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** The program's entry. */
public final class Main {
  private Main() {}

  /** Runs the emulator until the process is ended. */
  public static void main(String[] arguments) {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    int exitCode =
        EmulatorCommand.commandLine(out, err, settings -> serve(settings, out)).execute(arguments);
    if (exitCode != 0) {
      System.exit(exitCode);
    }
  }

  /** Starts; the server's threads keep the process alive. */
  private static void serve(EmulatorSettings settings, PrintWriter out) {
    VertexEmulator emulator = VertexEmulator.start(settings);
    Runtime.getRuntime().addShutdownHook(new Thread(emulator::close));
    String address = "http://" + host(settings) + ":" + emulator.port();
    out.println(
        "Vertex AI emulator on "
            + address
            + "  gcloud: CLOUDSDK_API_ENDPOINT_OVERRIDES_AIPLATFORM="
            + address
            + "/  Python: aiplatform.init(api_endpoint=\""
            + address
            + "\", api_transport=\"rest\", credentials=AnonymousCredentials())  gRPC: "
            + host(settings)
            + ":"
            + emulator.port()
            + " in plain text");
  }

  private static String host(EmulatorSettings settings) {
    return settings.host().equals("0.0.0.0") ? "localhost" : settings.host();
  }
}
