package io.fashionmnist.training.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fashionmnist.training.trainer.BadInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BadOptionsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --epoch 3                             | unknown option --epoch; did you mean --epochs?
          --epoch=3                             | unknown option --epoch; did you mean --epochs?
          --learning-rate 0.1                   | unknown option --learning-rate; did you mean --optimizer.learning-rate?
          --frobnicate                          | unknown option --frobnicate
          -x                                    | unknown option -x
          epochs                                | unexpected argument epochs
          --epochs                              | Missing required parameter for option '--epochs' (<integer>)
          --epochs 0                            | --epochs=0: must be at least 1 and at most 10000
          --epochs -1                           | --epochs=-1: must be at least 1 and at most 10000
          --epochs=1.5                          | --epochs=1.5: must be a whole number
          --epochs=99999999999999999999         | --epochs=99999999999999999999: must be at least 1 and at most 10000
          --batch-size ten                      | --batch-size=ten: must be a whole number
          --validation-fraction=0               | --validation-fraction=0: must be more than 0 and at most 0.9
          --seed=-1                             | --seed=-1: must be at least 0 and at most 9007199254740991
          --precision=Float16                   | --precision=Float16: must be Auto, Float32 or BFloat16
          --model.filters=                      | --model.filters=: must have 1 to 8 entries
          --model.filters=32,-1                 | --model.filters=32,-1: each entry must be at least 1 and at most 4096
          --model.filters=32;64                 | --model.filters=32;64: each entry must be a whole number
          --model.conv-dropout=1                | --model.conv-dropout=1: must be at least 0 and less than 1
          --optimizer.learning-rate=-0.1        | --optimizer.learning-rate=-0.1: must be more than 0 and at most 10
          --optimizer.learning-rate=NaN         | --optimizer.learning-rate=NaN: must be a number
          --optimizer.learning-rate=1e999       | --optimizer.learning-rate=1e999: must be more than 0 and at most 10
          --augmentation.horizontal-flip=maybe  | --augmentation.horizontal-flip=maybe: must be true or false
          --schedule.min-learning-rate=0.01     | schedule.minLearningRate is 0.01: must be at most optimizer.learningRate, which is 0.001
          --preset=slow                         | --preset=slow: must be default or fast
          --log-format=xml                      | --log-format=xml: must be Auto, Json or Text
          --attempt=0                           | --attempt=0: must be at least 1 and at most 1000000
          --threads=0                           | --threads=0: must be at least 1 and at most 1024
          --threads=all                         | --threads=all: must be a whole number
          --class-names=shoe                    | --class-names: must be at least 2 and at most 1000 names
          --class-names=shoe,,bag               | --class-names: no name may be empty
          --class-names=shoe,bag,shoe           | --class-names: no name may come twice
          --data=                               | --data: must not be empty
          --config=                             | --config: must not be empty
          --progress-url=ftp://example.com      | --progress-url=ftp://example.com: must be an http or https URL
          --progress-url=::                     | --progress-url=::: must be an http or https URL
          --progress-token-file=/token          | --progress-token-file and --progress-ca-file need --progress-url
          --tracking-experiment=fashion         | --tracking-experiment needs --tracking-project and --tracking-location
          --tracking-project=p                  | --tracking-project, --tracking-location, --tracking-tensorboard and --tracking-parameter need --tracking-experiment
          --tracking-experiment=Fashion --tracking-project=p --tracking-location=r | --tracking-experiment=Fashion: must be 4 to 63 of a-z, 0-9 and -, and begin with a letter or a digit
          --tracking-experiment=fashion --tracking-project=p --tracking-location=r --tracking-tensorboard=1 | --tracking-tensorboard=1: must be projects/<project>/locations/<region>/tensorboards/<id>
          --tracking-experiment=fashion --tracking-project=p --tracking-location=r --tracking-parameter=a | --tracking-parameter=a: must be <name>=<value>
          """)
  void aBadOptionIsToldInOneLine(String arguments, String message) {
    Terminal terminal = new Terminal();

    int code = terminal.run(("train " + arguments).split(" "));

    assertThat(code).isEqualTo(2);
    assertThat(terminal.err().lines())
        .containsExactly("fashion-trainer: " + message, "See 'fashion-trainer train --help'.");
    assertThat(terminal.out()).isEmpty();
    assertThat(terminal.requests).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          trian  | unexpected argument trian; did you mean train?
          --frob | unknown option --frob
          ''     | unexpected argument
          """)
  void aBadCommandIsToldInOneLine(String argument, String message) {
    Terminal terminal = new Terminal();

    assertThat(terminal.run(argument)).isEqualTo(2);
    assertThat(terminal.err().lines().map(String::strip))
        .containsExactly("fashion-trainer: " + message, "See 'fashion-trainer --help'.");
  }

  @Test
  void noCommandIsAnError() {
    Terminal terminal = new Terminal();

    assertThat(terminal.run()).isEqualTo(2);
    assertThat(terminal.err()).startsWith("fashion-trainer: Missing required subcommand");
  }

  @Test
  void everythingWrongIsTold() {
    Terminal terminal = new Terminal();

    assertThat(terminal.run("train", "--epochs=0", "--attempt=0", "--model.filters=x"))
        .isEqualTo(2);
    assertThat(terminal.err().lines()).hasSize(4);
  }

  @Test
  void whatIsFoundWrongLaterIsToldInOneLineToo() {
    Terminal terminal =
        new Terminal(
            _ -> {
              throw new BadInputException("/data/train-images: is truncated");
            });

    assertThat(terminal.run("train")).isEqualTo(2);
    assertThat(terminal.err().lines())
        .containsExactly("fashion-trainer: /data/train-images: is truncated");
  }

  @Test
  void anUnexpectedFailureKeepsItsStackTrace() {
    Terminal terminal =
        new Terminal(
            _ -> {
              throw new IllegalStateException("a defect");
            });

    assertThat(terminal.run("train")).isEqualTo(1);
    assertThat(terminal.err()).contains("IllegalStateException: a defect", "\tat ");
  }
}
