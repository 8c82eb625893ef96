// swift-tools-version:6.0
// Spec: .specify/memory/constitution.md
import Foundation
import PackageDescription

// Every folder below Features is a feature: a module of its own, with its tests.
let names = try FileManager.default
    .contentsOfDirectory(atPath: Context.packageDirectory + "/Features")
    .filter { !$0.hasPrefix(".") }
    .sorted()

let runtime = Target.Dependency.product(name: "OpenAPIRuntime", package: "swift-openapi-runtime")
let types = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let modules: [Target.Dependency] = names.map { .target(name: "\($0)Feature") }

let features: [Target] = names.flatMap { name -> [Target] in
    [
        .target(
            name: "\(name)Feature",
            dependencies: ["Core", runtime],
            path: "Features/\(name)/Sources",
            plugins: [.plugin(name: "OpenAPIGenerator", package: "swift-openapi-generator")]
        ),
        .testTarget(
            name: "\(name)FeatureTests",
            dependencies: [.target(name: "\(name)Feature"), "Core", runtime, types],
            path: "Features/\(name)/Tests"
        ),
    ]
}

let package = Package(
    name: "Mobile",
    platforms: [.iOS(.v17)],
    products: [
        .library(name: "Core", targets: ["Core"]),
        .library(name: "Registry", targets: ["Registry"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-http-types", from: "1.3.0"),
        .package(url: "https://github.com/apple/swift-openapi-generator", from: "1.10.0"),
        .package(url: "https://github.com/apple/swift-openapi-runtime", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-openapi-urlsession", from: "1.1.0"),
    ],
    targets: [
        .target(
            name: "Core",
            dependencies: [
                runtime,
                types,
                .product(name: "OpenAPIURLSession", package: "swift-openapi-urlsession"),
            ],
            path: "Core/Sources"
        ),
        .testTarget(name: "CoreTests", dependencies: ["Core", runtime, types], path: "Core/Tests"),
        // prepare.py writes its only file, the list of the features.
        .target(name: "Registry", dependencies: ["Core"] + modules, path: "Registry"),
    ] + features,
    swiftLanguageModes: [.v5]
)
