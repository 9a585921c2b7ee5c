# Every command a user or a developer types; `make help` lists them.
# Tools and downloads are cached outside the clone, below $XDG_CACHE_HOME/fashion-training.

SHELL := /usr/bin/env bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

JAVA_HOME := $(shell hack/java-home.sh)
export JAVA_HOME
export MVN_ARGS
MVN := mvn -B -ntp $(MVN_ARGS)

# Options of the trainer, the emulator or the operator's benchmark: make train ARGS="--epochs 2"
ARGS ?=

# Which Kubernetes cluster: local (upstream's programs as processes), kind, or current (kubectl's context).
CLUSTER ?= local

TRAINER := trainer/target/dist/bin/fashion-trainer
# The JVM's ahead-of-time cache: a start that is a quarter of a second shorter.
AOT_CACHE := trainer/target/dist/lib/fashion-trainer.aot
OPERATOR := operator/target/quarkus-app/quarkus-run.jar
PLUGIN := kubectl-fashion/target/dist/lib/kubectl-fashion.jar
# Where make plugin-install puts the plugin: below share/, and a link in bin/.
PREFIX ?= $(HOME)/.local
EMULATOR := vertex-emulator/target/dist/bin/vertex-emulator
TRAINER_SOURCES := $(shell find crds/src/main trainer/src/main -type f) pom.xml crds/pom.xml trainer/pom.xml

##@ Use

.PHONY: train
train: $(AOT_CACHE) ## Train on Fashion-MNIST, no cluster: make train ARGS="--epochs 2"
	@data=$$(hack/data.sh | tail -n 1); exec $(TRAINER) train --data "$$data" $(ARGS)

.PHONY: data
data: ## Bring Fashion-MNIST to this machine and print where it is
	@hack/data.sh

.PHONY: emulator
emulator: $(EMULATOR) ## Run a local Vertex AI: make emulator ARGS="--quota us-central1/custom_model_training_cpus=0"
	@exec $(EMULATOR) $(ARGS)

.PHONY: plugin
plugin: $(PLUGIN) ## Build kubectl fashion, with its own small Java: kubectl-fashion/target/dist/bin/kubectl-fashion
	@hack/plugin.sh build

.PHONY: plugin-install
plugin-install: plugin ## Install it for kubectl: PREFIX=~/.local has bin/kubectl-fashion then
	@hack/plugin.sh install "$(PREFIX)"

##@ Cluster

.PHONY: demo
demo: images ## Train in a pod of a real cluster, from nothing
	@CLUSTER=$(CLUSTER) hack/demo.sh

.PHONY: demo-down
demo-down: ## Delete what the demo brought up
	@CLUSTER=$(CLUSTER) hack/demo.sh down

.PHONY: cluster-up
cluster-up: ## Start a Kubernetes cluster: CLUSTER=local (default), kind or current
	@CLUSTER=$(CLUSTER) hack/cluster.sh up

.PHONY: cluster-down
cluster-down: ## Stop it and delete all that it made
	@CLUSTER=$(CLUSTER) hack/cluster.sh down

.PHONY: argocd-up
argocd-up: ## Start Argo CD beside the local cluster, with the customization of argocd/
	@CLUSTER=$(CLUSTER) hack/argocd.sh up

.PHONY: argocd-down
argocd-down: ## Stop it
	@hack/argocd.sh down

##@ Build

.PHONY: build
build: $(AOT_CACHE) $(OPERATOR) $(EMULATOR) $(PLUGIN) ## Build everything, without tests

$(TRAINER): $(TRAINER_SOURCES)
	@$(MVN) -q -pl trainer -am package -Dmaven.test.skip=true
	@touch $@

$(OPERATOR): $(TRAINER_SOURCES) $(shell find operator/src/main -type f) operator/pom.xml
	@$(MVN) -q -pl operator -am package -DskipUnitTests
	@touch $@

$(EMULATOR): $(shell find vertex-emulator/src/main -type f) vertex-emulator/pom.xml pom.xml
	@$(MVN) -q -pl vertex-emulator package -Dmaven.test.skip=true
	@touch $@

$(PLUGIN): $(shell find crds/src/main kubectl-fashion/src/main -type f) kubectl-fashion/pom.xml crds/pom.xml pom.xml
	@$(MVN) -q -pl crds,kubectl-fashion package -Dmaven.test.skip=true
	@touch $@

$(AOT_CACHE): $(TRAINER)
	@hack/aot-cache.sh

.PHONY: images
images: $(TRAINER) $(OPERATOR) $(EMULATOR) ## Build the container images, without a Docker engine if need be
	@hack/images.sh

.PHONY: push
push: ## Tag and push the images: make push REGISTRY=registry.example.com/team
	@hack/push.sh "$(REGISTRY)"

.PHONY: release
release: ## Make a release of the last commit in dist/: make release VERSION=0.2.0
	@hack/release.sh "$(VERSION)"

##@ Check

.PHONY: test
test: lint test-setup test-release test-data test-image test-push unit it e2e ## Run every test tier

.PHONY: unit
unit: ## Run the tests that need no cluster
	@FAKE_GCS_SERVER=$$(hack/tools.sh fake-gcs-server) FASHION_PYTHON=$$(bench/venv.sh "" tensorflow) \
	  EMULATOR_PYTHON=$$(bench/venv.sh "$${XDG_CACHE_HOME:-$$HOME/.cache}/fashion-training/venv-aiplatform" aiplatform) \
	  CHROMIUM=$$(hack/chromium.sh) FASHION_DATA=$$(hack/data.sh | tail -n 1) $(MVN) verify -DskipITs
	@hack/plugin.sh test

.PHONY: it
it: ## Run the tests on a real API server
	@KUBE_API_TEST_DIR=$$(hack/apiserver-dir.sh) HELM=$$(hack/tools.sh helm) ARGOCD=$$(hack/tools.sh argocd) PROMETHEUS=$$(hack/prometheus.sh) \
	  JQ=$$(hack/jq.sh) CHROMIUM=$$(hack/chromium.sh) $(MVN) verify -DskipUnitTests

.PHONY: soak
soak: ## Run the randomized tests for long: 200,000 worlds, 200 crash schedules, 40 kills of the operator
	@$(MVN) -pl operator -am package -Dtest=OneLiveAttemptTest -Dsurefire.failIfNoSpecifiedTests=false -Djqwik.tries.default=200000
	@KUBE_API_TEST_DIR=$$(hack/apiserver-dir.sh) HELM=$$(hack/tools.sh helm) $(MVN) -pl vertex-emulator,operator -am verify -DskipUnitTests \
	  -Dit.test='OperatorIT#atMostOneLiveAttempt*,VertexIT#oneCustomJobEach*,CrashScheduleIT' -Dfailsafe.failIfNoSpecifiedTests=false \
	  -Dsoak.kills=40 -Dsoak.seed=$$RANDOM -Dsoak.schedules=200 -Dsoak.firstSeed=$$((RANDOM * 32768 + RANDOM))

.PHONY: e2e
e2e: images plugin ## Run the scenarios on a real cluster: make e2e, or make e2e ARGS=suspendAndResume
	@CLUSTER=$(CLUSTER) hack/e2e.sh $(ARGS)

.PHONY: test-image
test-image: images ## Run the trainer's image as Kubernetes would and look at what it left; look at the others' labels
	@hack/test-image.sh

.PHONY: test-push
test-push: images ## Push the trainer's image to a registry of its own and look at what came there
	@hack/push-test.sh

.PHONY: test-data
test-data: ## Test hack/data.sh against a server of its own
	@hack/data-test.sh

.PHONY: test-setup
test-setup: ## Test hack/gcp-setup.sh, with the real gcloud where there is one
	@hack/gcp/test.sh

.PHONY: test-release
test-release: ## Make a release twice, without images, and compare; join images of two processors
	@hack/release-test.sh
	@hack/manifest-test.sh

.PHONY: lint
lint: ## Check format, warnings, shell scripts, the chart, versions, licences and the documentation's links and diagrams
	@$(MVN) -q -Pe2e spotless:check
	@CHROMIUM=$$(hack/chromium.sh) $(MVN) -q -Pe2e -pl testing,crds,e2e test -Dtest='LinksTest,MarkdownPageTest,DiagramsTest' -Dsurefire.failIfNoSpecifiedTests=false
	@hack/lint.sh

.PHONY: format
format: ## Format the Java code
	@$(MVN) -q spotless:apply

.PHONY: bench-trainer
bench-trainer: $(AOT_CACHE) ## Measure the trainer beside Keras and PyTorch (ARGS=--avx2: as without AVX512); writes docs/benchmarks.md
	@bench/trainer.sh $(ARGS)

.PHONY: bench-accuracy
bench-accuracy: $(AOT_CACHE) ## Measure passes and time to 0.90 test accuracy, three seeds, beside Keras; writes docs/benchmarks.md
	@bench/accuracy.sh

.PHONY: bench-operator
bench-operator: $(OPERATOR) ## Measure the operator beside Kubeflow's on a control plane of its own; writes docs/benchmarks.md
	@$(MVN) -q -pl bench/operator package -DskipUnitTests
	@bench/operator.sh $(ARGS)

.PHONY: bench-fallback
bench-fallback: $(OPERATOR) $(EMULATOR) $(AOT_CACHE) ## Measure how fast full placements are passed, and calls to Vertex AI; writes docs/benchmarks.md
	@$(MVN) -q -pl bench/operator package -DskipUnitTests
	@bench/fallback.sh $(ARGS)

.PHONY: generate
generate: ## Write what is made from other files anew: the resource definition, the references in docs/, Argo CD's settings
	@$(MVN) -q -pl crds,trainer,operator -am test -Dgolden.write=true -Dsurefire.failIfNoSpecifiedTests=false \
	  -Dtest='CustomResourceDefinitionTest,ApiReferenceTest,OptionsReferenceTest,ConfigurationReferenceTest'
	@hack/argocd-cm.sh > argocd/argocd-cm.yaml

.PHONY: clean
clean: ## Delete what was built here; what is cached stays
	@$(MVN) -q clean

.PHONY: help
help: ## Print this
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
