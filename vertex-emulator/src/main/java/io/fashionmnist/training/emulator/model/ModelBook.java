package io.fashionmnist.training.emulator.model;

import com.google.cloud.aiplatform.v1.Model;
import com.google.cloud.aiplatform.v1.ModelEvaluation;
import com.google.cloud.aiplatform.v1.UploadModelRequest;
import com.google.protobuf.FieldMask;
import io.fashionmnist.training.emulator.error.ApiException;
import io.fashionmnist.training.emulator.error.ServiceTexts;
import io.fashionmnist.training.emulator.resource.MessageFields;
import io.fashionmnist.training.emulator.resource.Page;
import io.fashionmnist.training.emulator.resource.Resources;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * All registered models. What a client sees of one is a version of it, with what the model as a
 * whole has: display name, description, and labels, which a version's own go before. Names are
 * canonical: they have the project's number.
 */
public final class ModelBook {
  private static final String DEFAULT = "default";
  private static final Set<String> OF_MODELS = Set.of("display_name", "description", "labels");
  private static final Set<String> OF_VERSIONS = Set.of("version_description", "labels");
  private static final Page.Sizes SIZES = new Page.Sizes(50, 100);

  private final InstantSource clock;

  /** By name; {@code version_id} is the newest version's there ever was. */
  private final Resources<Model> models;

  /** By name with the version's number. */
  private final Resources<Model> versions;

  private final Resources<ModelEvaluation> evaluations;
  private final Map<String, Instant> listedFrom = new HashMap<>();

  /** An empty one. */
  public ModelBook(InstantSource clock) {
    this.clock = clock;
    models = new Resources<>(Model.getDefaultInstance(), clock);
    versions = new Resources<>(Model.getDefaultInstance(), clock);
    evaluations = new Resources<>(ModelEvaluation.getDefaultInstance(), clock);
  }

  /**
   * Takes a version in: of the parent model, or of a new one.
   *
   * @param location canonical name of where it is uploaded to
   * @param newId id of a new model when the client gives none
   * @param listed from when on lists show it
   */
  public synchronized Model upload(
      String location, UploadModelRequest request, String newId, Instant listed) {
    ModelRules.check(request);
    Model wanted = request.getModel();
    String name;
    if (request.getParentModel().isEmpty()) {
      String id = request.getModelId().isEmpty() ? newId : request.getModelId();
      name = location + "/models/" + id;
      models.create(
          name,
          Model.newBuilder()
              .setDisplayName(wanted.getDisplayName())
              .setDescription(wanted.getDescription())
              .build());
    } else {
      name = ModelName.of(request.getParentModel()).model();
    }
    String number = Integer.toString(newestVersion(name) + 1);
    models.change(name, model -> model.toBuilder().setVersionId(number).build());
    Model version = wanted.toBuilder().clearVersionAliases().setVersionId(number).build();
    versions.create(name + "@" + number, version);
    listedFrom.put(name + "@" + number, listed);
    Set<String> aliases = new TreeSet<>(wanted.getVersionAliasesList());
    if (ofModel(name).size() == 1) {
      aliases.add(DEFAULT);
    }
    move(name, number, aliases);
    return get(name + "@" + number).toBuilder().setName(name).build();
  }

  private int newestVersion(String name) {
    String number = models.get(name).getVersionId();
    return number.isEmpty() ? 0 : Integer.parseInt(number);
  }

  /**
   * A version: the one that is named by number or alias, or the default one. Who names a version
   * gets a name with its number, by which the SDK updates it.
   */
  public synchronized Model get(String name) {
    Model seen = seen(version(name));
    ModelName asked = ModelName.of(name);
    return asked.version().isEmpty() ? seen.toBuilder().setName(asked.model()).build() : seen;
  }

  /** The models of a location, each by its default version. */
  public synchronized Page<Model> list(String location, Page.Request request) {
    return page(
        models.below(location + "/models").stream()
            .filter(model -> ofModel(model.getName()).stream().anyMatch(this::listed))
            .map(model -> get(model.getName()))
            .toList(),
        request);
  }

  /** The versions of a model, the oldest first. */
  public synchronized Page<Model> versions(String name, Page.Request request) {
    String model = models.get(ModelName.of(name).model()).getName();
    return page(ofModel(model).stream().filter(this::listed).map(this::seen).toList(), request);
  }

  /**
   * Changes a version, or, where none is named, the model as a whole.
   *
   * @throws ApiException FAILED_PRECONDITION for a field that only the other of the two has
   */
  public synchronized Model update(Model update, FieldMask mask) {
    ModelName name = ModelName.of(update.getName());
    boolean whole = name.version().isEmpty() || name.version().equals("-");
    mask.getPathsList().stream()
        .filter(path -> !(whole ? OF_MODELS : OF_VERSIONS).contains(path.split("\\.", 2)[0]))
        .findFirst()
        .ifPresent(
            path -> {
              throw ApiException.failedPrecondition(
                  "The field \"%s\" cannot be updated for %s."
                      .formatted(path, whole ? "a Model" : "a Model version"));
            });
    Model changes = update.toBuilder().clearEtag().build();
    if (whole) {
      models.update(name.model(), changes, mask);
      return get(name.model());
    }
    versions.update(version(update.getName()).getName(), changes, mask);
    return get(update.getName());
  }

  /** Gives a version aliases, which others lose; those with a hyphen before them it loses. */
  public synchronized Model mergeAliases(String name, Collection<String> merged) {
    ModelRules.check(merged);
    Model version = version(name);
    Set<String> added = new TreeSet<>();
    Set<String> removed = new TreeSet<>();
    merged.forEach(
        alias -> {
          if (alias.startsWith("-")) {
            removed.add(alias.substring(1));
          } else {
            added.add(alias);
          }
        });
    Set<String> both = new TreeSet<>(added);
    both.retainAll(removed);
    added.removeAll(both);
    removed.removeAll(both);
    if (removed.contains(DEFAULT) && version.getVersionAliasesList().contains(DEFAULT)) {
      throw ApiException.failedPrecondition(
          "The \"default\" alias cannot be removed from a version; merge it into another one.");
    }
    take(version.getName(), removed);
    move(ModelName.of(name).model(), version.getVersionId(), added);
    return get(version.getName());
  }

  /** Forgets a model with all its versions. */
  public synchronized void delete(String name) {
    String model = models.get(ModelName.of(name).model()).getName();
    ofModel(model).forEach(each -> forget(each.getName()));
    models.forget(model);
  }

  /** Forgets a version that is neither the only nor the default one. */
  public synchronized void deleteVersion(String name) {
    Model version = version(name);
    String model = ModelName.of(name).model();
    if (ofModel(model).size() == 1) {
      throw ApiException.failedPrecondition(
          "The only version of Model \"%s\" cannot be deleted. Delete the Model instead."
              .formatted(model));
    }
    if (version.getVersionAliasesList().contains(DEFAULT)) {
      throw ApiException.failedPrecondition(
          "The default version of Model \"%s\" cannot be deleted. Make another one the default first."
              .formatted(model));
    }
    forget(version.getName());
  }

  /** Keeps what someone found out about a version. */
  public synchronized ModelEvaluation importEvaluation(
      String parent, ModelEvaluation evaluation, String newId) {
    ModelRules.check(evaluation);
    String name = version(parent).getName() + "/evaluations/" + newId;
    return evaluations.create(name, evaluation);
  }

  /** An evaluation; the version in its name may be an alias, or left out for the default one. */
  public synchronized ModelEvaluation evaluation(String name) {
    int at = name.indexOf("/evaluations/");
    return evaluations.get(version(name.substring(0, at)).getName() + name.substring(at));
  }

  /** The evaluations of a version. */
  public synchronized Page<ModelEvaluation> evaluations(String parent, Page.Request request) {
    return evaluations.list(
        version(parent).getName() + "/evaluations", request, SIZES, MessageFields::new);
  }

  /** All of it. */
  public synchronized ModelSnapshot snapshot() {
    return new ModelSnapshot(models.all(), versions.all(), evaluations.all());
  }

  /** Takes up what was kept. */
  public synchronized void restore(ModelSnapshot kept) {
    models.restore(kept.models());
    versions.restore(kept.versions());
    evaluations.restore(kept.evaluations());
  }

  private void forget(String version) {
    versions.forget(version);
    evaluations.all().stream()
        .filter(each -> each.getName().startsWith(version + "/"))
        .forEach(each -> evaluations.forget(each.getName()));
  }

  private List<Model> ofModel(String model) {
    return versions.all().stream().filter(each -> each.getName().startsWith(model + "@")).toList();
  }

  private Model version(String name) {
    ModelName asked = ModelName.of(name);
    models.get(asked.model());
    String wanted = asked.version().isEmpty() ? DEFAULT : asked.version();
    return ofModel(asked.model()).stream()
        .filter(
            each ->
                each.getVersionId().equals(wanted) || each.getVersionAliasesList().contains(wanted))
        .findFirst()
        .orElseThrow(() -> ApiException.notFound(ServiceTexts.doesNotExist("Model", name)));
  }

  /** A version with what it has of its model, and the version in its name. */
  private Model seen(Model version) {
    Model model = models.get(ModelName.of(version.getName()).model());
    return version.toBuilder()
        .setDisplayName(model.getDisplayName())
        .setDescription(model.getDescription())
        .clearLabels()
        .putAllLabels(model.getLabelsMap())
        .putAllLabels(version.getLabelsMap())
        .setCreateTime(model.getCreateTime())
        .setUpdateTime(model.getUpdateTime())
        .setVersionCreateTime(version.getCreateTime())
        .setVersionUpdateTime(version.getUpdateTime())
        .build();
  }

  private void move(String model, String number, Set<String> aliases) {
    ofModel(model).forEach(each -> take(each.getName(), aliases));
    versions.change(
        model + "@" + number, each -> each.toBuilder().addAllVersionAliases(aliases).build());
  }

  private void take(String version, Set<String> aliases) {
    versions.change(
        version,
        each ->
            each.toBuilder()
                .clearVersionAliases()
                .addAllVersionAliases(
                    each.getVersionAliasesList().stream()
                        .filter(alias -> !aliases.contains(alias))
                        .toList())
                .build());
  }

  private boolean listed(Model version) {
    return !clock.instant().isBefore(listedFrom.getOrDefault(version.getName(), Instant.MIN));
  }

  private static Page<Model> page(List<Model> all, Page.Request request) {
    return Page.of(
        all,
        request,
        SIZES,
        ModelFields::new,
        field -> (one, other) -> MessageFields.order(field).compare(one, other));
  }
}
